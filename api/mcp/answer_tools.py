"""The tools for agents that need something: search, resolve, compare, alternatives, passports, outcomes.

Names and inputs of `search`, `find_mcps`, `get_artifact`, `resolve_capability`, `trust_passport` and `compare` are
those of the hosted original's server, so that prompts written for it go on working.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal

import msgspec
from pydantic import Field

from api.constrained import Constrained
from api.explaining import explained
from api.feedback.serving import (
    Acknowledgement,
    ServedResolution,
    ServedSearch,
    report,
    served_resolution,
    served_search,
)
from api.mcp.tool import Desk, Input, Name, Tool
from api.render.artifact import artifact_page
from api.render.comparison import comparison_page
from api.render.explanation import explanation_page
from api.render.hits import hits_page
from api.render.related import related_page
from api.signing.documents import signed
from api.signing.keys import signing_key
from graph.errors import UnknownName
from graph.home import Home
from graph.ledger import Ledger
from graph.snapshot import Snapshot
from queries.answers.alternatives import alternatives
from queries.answers.compare import compare
from queries.answers.comparison_shapes import Comparison
from queries.answers.constraints import Constraints
from queries.answers.hit_shapes import SearchAnswer
from queries.answers.list_shapes import AlternativesAnswer
from queries.answers.names import resolve_concept
from queries.answers.passport import passport
from queries.answers.resolve import resolve
from queries.answers.search import search
from queries.answers.shapes import SnapshotTables
from queries.answers.show import ArtifactPage, show
from queries.answers.source_names import NamedSources

Text = Annotated[str, Field(min_length=2, max_length=500)]
Limit = Annotated[int, Field(ge=1, le=20)]
Type = Annotated[str | None, Field(max_length=100, description="Type of artifact, for example model or mcp.")]
Risk = Literal["default", "production", "enterprise", "strict"]

LEAST_CONFIDENCE: Final = {"default": 0.0, "production": 0.5, "enterprise": 0.7, "strict": 0.9}
"""How sure a match must be for each risk that `resolve_capability` may name."""


class SearchInput(Constrained):
    """A search."""

    query: Annotated[Text, Field(description="The need; without one, what `different_from` does.")] = ""
    limit: Limit = 5
    different_from: Annotated[Name | None, Field(description="Prefer what is unlike this artifact.")] = None
    diversity: Annotated[
        float | None, Field(ge=0, le=1, description="0: by score alone, 1: as unlike each other as possible.")
    ] = None


class NeedInput(Input):
    """A need for an MCP server."""

    need: Text
    limit: Limit = 5


class ResolveInput(Constrained):
    """A need, and what its answer must be."""

    need: Text
    alternatives: Annotated[int, Field(ge=0, le=20)] = 3


class CapabilityInput(Input):
    """A capability:// address or a phrase."""

    capability: Text
    limit: Limit = 5
    type: Type = None
    risk: Risk = "default"


class ArtifactInput(Input):
    """An artifact."""

    artifact: Name


class SlugInput(Input):
    """An artifact by its slug."""

    slug: Name


class CompareInput(Input):
    """Two artifacts."""

    artifact_a: Name
    artifact_b: Name


class AlternativesInput(Constrained):
    """An artifact, and what its alternatives must be."""

    artifact: Name
    limit: Limit = 5
    other_vendor: bool = False
    diversity: Annotated[float, Field(ge=0, le=1)] = 0.0


class ExplainInput(Input):
    """An artifact; with `other` a comparison; an intent id and an artifact: a match edge; or a query: its hits."""

    subject: Name | None = None
    other: Name | None = None
    query: Text | None = None


class OutcomeInput(Input):
    """What became of a hit."""

    callback_token: Annotated[str, Field(min_length=1, max_length=2_048, description="From the hit, unchanged.")]
    outcome: Annotated[Literal["click", "success", "failure"], Field(description="click: it was chosen.")]


class PassportAnswer(msgspec.Struct, frozen=True):
    """A signed passport."""

    passport: dict[str, Any]
    signature: dict[str, str]


class ExplanationAnswer(msgspec.Struct, frozen=True):
    """Every number opened to its formula, inputs, window and method; the keys depend on the kind."""

    kind: str
    explanation: dict[str, Any]


async def _search(desk: Desk, asked: SearchInput) -> ServedSearch:
    found = await desk.in_thread(
        search, desk.snapshot, asked.query, asked.constraints(),
        limit=asked.limit, different_from=asked.different_from, diversity=asked.diversity,
    )  # fmt: skip
    return served_search(desk.feedback, found, desk.audience)


async def _find_mcps(desk: Desk, asked: NeedInput) -> ServedSearch:
    found = await desk.in_thread(search, desk.snapshot, asked.need, Constraints(type="mcp"), limit=asked.limit)
    return served_search(desk.feedback, found, desk.audience)


async def _resolve(desk: Desk, asked: ResolveInput) -> ServedResolution:
    found = await desk.in_thread(
        resolve, desk.snapshot, asked.need, asked.constraints(), alternatives=asked.alternatives
    )
    return served_resolution(desk.feedback, found, desk.audience)


async def _resolve_capability(desk: Desk, asked: CapabilityInput) -> ServedSearch:
    found = await desk.in_thread(_sure_hits, desk.snapshot, asked)
    return served_search(desk.feedback, found, desk.audience)


def _sure_hits(snapshot: Snapshot, asked: CapabilityInput) -> SearchAnswer:
    found = search(snapshot, _need_of(snapshot, asked.capability), Constraints(type=asked.type), limit=asked.limit)
    sure = [hit for hit in found.hits if hit.confidence >= LEAST_CONFIDENCE[asked.risk]]
    return msgspec.structs.replace(found, hits=sure)


def _need_of(snapshot: Snapshot, capability: str) -> str:
    """Return the label of a concept, by its address or a former one; texts that are no address are needs in words.

    Raises `UnknownName`.
    """
    try:
        uri = resolve_concept(snapshot, capability)
    except UnknownName:
        if capability.startswith("capability:"):
            raise
        return capability
    return str(snapshot.rows("concepts", concept_uri=uri)[0]["label"])


def _as_seen(desk: Desk) -> SnapshotTables:
    """Return the snapshot, with the files of its sources for the operator only."""
    return desk.snapshot if desk.for_operator else NamedSources(desk.snapshot)


async def _show(desk: Desk, asked: ArtifactInput) -> ArtifactPage:
    found: ArtifactPage = await desk.in_thread(show, _as_seen(desk), asked.artifact)
    return found


async def _compare(desk: Desk, asked: CompareInput) -> Comparison:
    found: Comparison = await desk.in_thread(compare, _as_seen(desk), asked.artifact_a, asked.artifact_b)
    return found


async def _alternatives(desk: Desk, asked: AlternativesInput) -> AlternativesAnswer:
    found: AlternativesAnswer = await desk.in_thread(
        alternatives, desk.snapshot, asked.artifact, asked.constraints(), limit=asked.limit,
        other_vendor=asked.other_vendor, diversity=asked.diversity,
    )  # fmt: skip
    return found


async def _explain(desk: Desk, asked: ExplainInput) -> ExplanationAnswer:
    found = await desk.in_thread(
        explained, desk.snapshot, Ledger.open(desk.home), asked.subject, asked.other, query=asked.query,
        for_operator=desk.for_operator,
    )  # fmt: skip
    return ExplanationAnswer(found["kind"], found)


async def _passport(desk: Desk, asked: ArtifactInput) -> PassportAnswer:
    found: PassportAnswer = await desk.in_thread(_signed_passport, desk.home, desk.snapshot, asked.artifact)
    return found


async def _trust_passport(desk: Desk, asked: SlugInput) -> PassportAnswer:
    found: PassportAnswer = await desk.in_thread(_signed_passport, desk.home, desk.snapshot, asked.slug)
    return found


def _signed_passport(home: Home, snapshot: Snapshot, name: str) -> PassportAnswer:
    key_id, key = signing_key(home)
    return PassportAnswer(**signed({"passport": passport(snapshot, name)}, key_id, key, snapshot.manifest.published_at))


async def _report(desk: Desk, told: OutcomeInput) -> Acknowledgement:
    return await report(desk.feedback, told.callback_token, told.outcome, datetime.now(UTC))


ANSWER_TOOLS: Final = (
    Tool("search", "Find AI artifacts (models, MCP servers, APIs, agents, tools) for a need in plain words. Hits "
         "say why they were found and how often they were chosen before. Report what becomes of a hit with "
         "report_outcome.", SearchInput, ServedSearch, _search, hits_page),
    Tool("resolve", "Turn one need into one answer that can be invoked, with confidence and alternatives.",
         ResolveInput, ServedResolution, _resolve),
    Tool("compare", "Compare two artifacts: verdict, ranks with intervals, capabilities side by side. The verdict "
         "may be a tie, not comparable, or not enough evidence.", CompareInput, Comparison, _compare,
         comparison_page),
    Tool("alternatives", "What was, or can be, chosen instead of an artifact, and what together with it.",
         AlternativesInput, AlternativesAnswer, _alternatives, related_page),
    Tool("passport", "The signed trust passport of an artifact: what is stated and what was observed.",
         ArtifactInput, PassportAnswer, _passport),
    Tool("explain", "Where every number of an artifact, comparison or match edge comes from.",
         ExplainInput, ExplanationAnswer, _explain, lambda answer: explanation_page(answer["explanation"])),
    Tool("report_outcome", "Say what became of a hit, with its callback token: click, success or failure. Each "
         "counts once.", OutcomeInput, Acknowledgement, _report, read_only=False),
    Tool("find_mcps", "Find MCP servers for a need.", NeedInput, ServedSearch, _find_mcps, hits_page),
    Tool("get_artifact", "Everything known of one artifact, by id or name. Never another one: an ambiguous or "
         "unknown name is an error with candidates.", ArtifactInput, ArtifactPage, _show, artifact_page),
    Tool("resolve_capability", "Artifacts that offer a capability, given as capability:// address or phrase; the "
         "risk says how sure a match must be.", CapabilityInput, ServedSearch, _resolve_capability, hits_page),
    Tool("trust_passport", "The signed trust passport of an artifact, by its slug.", SlugInput, PassportAnswer,
         _trust_passport),
)  # fmt: skip
