"""One need in, one answer out that can be invoked: the best hit, how to call it, and what else there is."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from graph.snapshot import Snapshot
from queries.answers.constraints import ANYTHING, Constraints
from queries.answers.search import Hit, search
from queries.answers.shapes import Reason
from queries.times import iso_time

Row = Mapping[str, Any]


class Invocation(msgspec.Struct, frozen=True, kw_only=True):
    """How to use an artifact, as far as its source says. Nothing of it was tried, and nothing is run."""

    protocol: str | None
    """mcp, http, https, stdio, websocket or grpc; None if the source does not say."""
    snippet: str | None
    """A command or an address; text from the source."""
    requires: list[str]
    auth_method: str | None
    source: str | None
    """From which field of the source it comes."""


class ResolvedCapability(msgspec.Struct, frozen=True, kw_only=True):
    """The capability that fits best."""

    capability_id: str
    name: str | None
    description: str | None
    unique: str | None
    vs_alternatives: str | None
    best_for: list[str]
    limitations: list[str]
    requires: list[str]


class Resolved(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a need."""

    artifact_id: str
    name: str | None
    type: str | None
    url: str | None
    description: str | None
    confidence: float
    """Probability that it serves the need."""
    capability: ResolvedCapability | None
    invocation: Invocation
    why: list[Reason]
    times_matched: int
    clients: int
    simulated: bool


class Other(msgspec.Struct, frozen=True, kw_only=True):
    """What else serves the need."""

    artifact_id: str
    name: str | None
    type: str | None
    confidence: float
    why: list[Reason]


class Resolution(msgspec.Struct, frozen=True, kw_only=True):
    """One need in, one invocable answer out, with alternatives and confidence."""

    need: str
    resolved: Resolved | None
    """None where nothing fits; then `message` says so."""
    alternatives: list[Other]
    message: str | None
    confidence_method: str
    as_of: str | None
    """The time for which the answers were computed."""
    snapshot_id: str


def resolve(
    snapshot: Snapshot,
    need: str,
    wanted: Constraints = ANYTHING,
    *,
    alternatives: int = 3,
) -> Resolution:
    """Resolve a need; an answer that does not fit is not given. Raises as `queries.answers.search.search` does."""
    found = search(snapshot, need, wanted, limit=alternatives + 1)
    fits = bool(found.hits) and not found.nothing_fits
    others = found.hits[1 if fits else 0 :][:alternatives]
    return Resolution(
        need=need,
        resolved=_resolved(snapshot, found.hits[0]) if fits else None,
        alternatives=[_other(hit) for hit in others],
        message=found.message,
        confidence_method=found.confidence_method,
        as_of=iso_time(snapshot.now_us),
        snapshot_id=snapshot.id,
    )


def _resolved(snapshot: Snapshot, hit: Hit) -> Resolved:
    artifact = snapshot.rows("artifacts", artifact_id=hit.artifact_id)[0]
    row = None
    if hit.capabilities:
        row = snapshot.rows("capabilities", capability_id=hit.capabilities[0].capability_id)[0]
    return Resolved(
        artifact_id=hit.artifact_id,
        name=hit.name,
        type=hit.type,
        url=artifact["url"],
        description=hit.description,
        confidence=hit.confidence,
        capability=None if row is None else _capability(row),
        invocation=invocation(artifact, row),
        why=why(hit),
        times_matched=hit.evidence.times_matched,
        clients=hit.evidence.clients,
        simulated=hit.evidence.simulated,
    )


def _capability(row: Row) -> ResolvedCapability:
    return ResolvedCapability(
        capability_id=row["capability_id"],
        name=row["name"],
        description=row["description"],
        unique=row["unique"],
        vs_alternatives=row["vs_alternatives"],
        best_for=row["best_for"] or [],
        limitations=row["limitations"] or [],
        requires=row["requires"] or [],
    )


def _other(hit: Hit) -> Other:
    return Other(artifact_id=hit.artifact_id, name=hit.name, type=hit.type, confidence=hit.confidence, why=why(hit))


def why(hit: Hit) -> list[Reason]:
    """Say why an artifact was found: what similar searches chose, and which words it shares with the need."""
    reasons = []
    if hit.evidence.intents:
        reasons.append(Reason("chosen_for", f"Chosen for: {'; '.join(hit.evidence.intents)}."))
    if hit.evidence.terms:
        reasons.append(Reason("words", f"Shares the words: {', '.join(hit.evidence.terms)}."))
    return reasons


def invocation(artifact: Row, capability: Row | None) -> Invocation:
    """Return how the source says that an artifact is used: a manifest's execution block, else a registry's packages
    or remotes, else nothing."""
    extra = _object(artifact["extra"])
    execution = _object(extra.get("execution"))
    snippet, source = _snippet(extra, execution)
    requires = (capability["requires"] or []) if capability is not None else []
    protocol = _text(execution.get("protocol"))
    if protocol is None and artifact["type"] == "mcp":
        protocol = "mcp"
    return Invocation(
        protocol=protocol,
        snippet=snippet,
        requires=list(requires),
        auth_method=_text(execution.get("auth_method")),
        source=source,
    )


_RUNNERS: Final = {"npm": "npx -y {}", "pypi": "uvx {}", "oci": "docker run -i --rm {}"}
_PLAIN_IDENTIFIER = re.compile(r"[A-Za-z0-9@][A-Za-z0-9@/._:-]*")
"""What cannot be taken for an option or a second command when it becomes part of one."""


def _snippet(extra: Row, execution: Row) -> tuple[str | None, str | None]:
    for name in ("command", "endpoint", "url"):
        if (found := _text(execution.get(name))) is not None:
            return found, f"execution.{name}"
    for package in _objects(extra.get("packages")):
        runner = _RUNNERS.get(str(package.get("registryType") or package.get("registry_type") or ""))
        identifier = _text(package.get("identifier") or package.get("name"))
        if (
            runner
            and identifier
            and not identifier.startswith("-")
            and all(c.isalnum() or c in "@/._-:" for c in identifier)
        ):
            return runner.format(identifier), "packages"
    for remote in _objects(extra.get("remotes")):
        if (found := _text(remote.get("url"))) is not None and found.startswith(("https://", "http://")):
            return found, "remotes"
    return None, None


def _object(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return {}
    return value if isinstance(value, dict) else {}


def _objects(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
