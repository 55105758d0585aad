"""The answer to a need in words: artifacts, the capabilities of theirs that fit, how sure that is, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any, Final

import msgspec

from graph.errors import MatchgraphError
from graph.snapshot import Snapshot
from queries.answers.constraints import ANYTHING, Constraints
from queries.answers.hit_shapes import CapabilityHit, Hit, HitEvidence, SearchAnswer
from queries.answers.one_thing import all_listed, all_names_together, also_known_as
from queries.answers.search_plan import BEST, MATCHES_FOR_EACH_AT_MOST, Plan, Question, planned
from queries.retrieval.analysis import Query
from queries.retrieval.diversity import TRAITS, Traits, differences, most_different, traits
from queries.retrieval.matches import Match
from queries.retrieval.matching import Matcher, matcher_of

NOTHING_FITS: Final = 0.2
"""If the best matches together are less likely right than this, nothing fits."""

UNFAMILIAR: Final = 0.5
"""Nor does it where the search is less familiar: one need in a hundred of the log."""

MAX_CAPABILITIES: Final = 5
"""Capabilities shown with a hit."""

MAX_INTENTS: Final = 3
"""Past searches shown with a hit."""

_SHOWN: Final = ("name", "type", "description", "license", "pricing_model")
_TOTALS: Final = ("times_matched", "clients", "simulated")


def search(
    snapshot: Snapshot,
    query: str,
    wanted: Constraints = ANYTHING,
    *,
    limit: int = 10,
    different_from: str | None = None,
    diversity: float | None = None,
) -> SearchAnswer:
    """Find artifacts for a need in plain words.

    `different_from` leaves an artifact out and prefers what is unlike it; with an empty query the need is then what
    that artifact does. `diversity`: 0 (by score alone) to 1; by default 0, or 0.4 with `different_from`.
    Raises `WrongUse` for unknown filter values and bad numbers, `UnknownName` for an unknown artifact.
    """
    plan = planned(snapshot, Question(query, wanted, limit, different_from, diversity))
    return _answer(snapshot, plan, matcher_of(snapshot).match_each([plan.ask()])[0])


def search_each(snapshot: Snapshot, questions: Sequence[Question]) -> list[SearchAnswer | None]:
    """Return what `search` does for each of a few questions, matched together; None for those that it would refuse."""
    plans = {}
    for number, question in enumerate(questions):
        with suppress(MatchgraphError):
            plans[number] = planned(snapshot, question)
    matches = matcher_of(snapshot).match_each([plan.ask() for plan in plans.values()])
    answers: list[SearchAnswer | None] = [None] * len(questions)
    for (number, plan), found in zip(plans.items(), matches, strict=True):
        answers[number] = _answer(snapshot, plan, found)
    return answers


def _answer(snapshot: Snapshot, plan: Plan, matches: Sequence[Match]) -> SearchAnswer:
    """Make the answer of what the matcher found."""
    question, matcher, listed = plan.question, matcher_of(snapshot), all_listed(snapshot)
    groups = _one_name_each(listed, _by_artifact(matches))
    if len(groups) < plan.pool and len(matches) >= plan.ask().limit:
        matches = matcher.match_each([plan.ask(MATCHES_FOR_EACH_AT_MOST)])[0]
        groups = _one_name_each(listed, _by_artifact(matches))
    groups = dict(islice(groups.items(), plan.pool))
    different = [] if plan.unwanted is None else _traits(snapshot, [plan.unwanted["artifact_id"]])
    chosen = list(groups)[: question.limit]
    if plan.diversity:
        chosen = _diverse(snapshot, groups, question.limit, plan.diversity, different)
    hits = _hits(snapshot, matcher, plan.analysed, {name: groups[name] for name in chosen})
    if different:
        hits = _with_differences(snapshot, hits, different[0])
    nothing = nothing_fits(matches)
    return SearchAnswer(
        query=question.query,
        hits=hits,
        nothing_fits=nothing,
        message=_message(plan.analysed, hits, nothing, question.wanted != ANYTHING),
        confidence_method=matcher.calibrator.method,
        simulated=any(hit.evidence.simulated for hit in hits),
        snapshot_id=snapshot.id,
    )


def nothing_fits(matches: Sequence[Match]) -> bool:
    """Say whether nothing fits, of the matches of a search, best first.

    Either they are unlikely, whoever asks, or hardly a need of the log stood as badly: how sure the home's hits are
    otherwise does not matter to that, so that of needs like the logged ones one in a hundred is told so.
    """
    familiar = matches[0].familiar if matches else 0.0
    return familiar < UNFAMILIAR or sum(match.confidence for match in matches[:BEST]) < NOTHING_FITS * familiar


def _by_artifact(matches: Sequence[Match]) -> dict[str, list[Match]]:
    """Group matches by artifact; both the groups and their members stay in order of score."""
    groups: dict[str, list[Match]] = defaultdict(list)
    for match in matches:
        groups[match.artifact_id].append(match)
    return dict(groups)


def _one_name_each(listed: Mapping[str, str], groups: dict[str, list[Match]]) -> dict[str, list[Match]]:
    """Leave out other names of what was found already: each thing is one hit, under the name that fits best."""
    if not listed:
        return groups
    kept: dict[str, tuple[str, list[Match]]] = {}
    for artifact_id, matches in groups.items():
        kept.setdefault(listed.get(artifact_id, artifact_id), (artifact_id, matches))
    return dict(kept.values())


def _diverse(
    snapshot: Snapshot, groups: Mapping[str, list[Match]], limit: int, diversity: float, unlike: Sequence[Traits]
) -> list[str]:
    """Return the ids of the artifacts to show; `unlike` has one artifact at the most."""
    ids = list(groups)
    scores = [groups[artifact_id][0].score for artifact_id in ids]
    order = most_different(
        _traits(snapshot, ids), scores, limit=limit, diversity=diversity, unlike=next(iter(unlike), None)
    )
    return [ids[i] for i in order]


def _traits(snapshot: Snapshot, artifact_ids: Sequence[str]) -> list[Traits]:
    rows = snapshot.by_key("artifacts", "artifact_id", artifact_ids, TRAITS)
    return [traits(rows[one], snapshot.rows("capabilities", artifact_id=one)) for one in artifact_ids]


def _with_differences(snapshot: Snapshot, hits: Sequence[Hit], unwanted: Traits) -> list[Hit]:
    found = _traits(snapshot, [hit.artifact_id for hit in hits])
    return [
        msgspec.structs.replace(hit, differences=differences(its, unwanted))
        for hit, its in zip(hits, found, strict=True)
    ]


def _hits(snapshot: Snapshot, matcher: Matcher, query: Query, chosen: Mapping[str, list[Match]]) -> list[Hit]:
    """Return the artifacts to show, with their matches."""
    shown = [match for matches in chosen.values() for match in matches[: MAX_CAPABILITIES + 1]]
    held = matcher.index.matched_words(query, [match.document for match in shown])
    documents = [match.document for match in shown]
    names = dict(zip(documents, matcher.index.names(documents), strict=True))
    rows = snapshot.by_key("artifacts", "artifact_id", list(chosen), _SHOWN)
    totals = snapshot.by_key("evidence", "artifact_id", list(chosen), _TOTALS)
    listed = all_listed(snapshot)
    totals |= {one: row for one in chosen if one in listed and (row := all_names_together(snapshot, one))}
    return [
        Hit(
            artifact_id=artifact_id,
            score=round(matches[0].score, 6),
            confidence=max(match.confidence for match in matches),
            capabilities=_capabilities(names, matches),
            evidence=_evidence(totals.get(artifact_id, {}), matcher, matches, held),
            differences=[],
            also_known_as=also_known_as(snapshot, artifact_id) if artifact_id in listed else [],
            **{name: rows[artifact_id][name] for name in _SHOWN},
        )
        for artifact_id, matches in chosen.items()
    ]


def _capabilities(names: Mapping[int, str | None], matches: Sequence[Match]) -> list[CapabilityHit]:
    found = [match for match in matches if match.capability_id is not None][:MAX_CAPABILITIES]
    return [CapabilityHit(match.object_id, names[match.document], match.score) for match in found]


def _evidence(
    totals: Mapping[str, Any], matcher: Matcher, matches: Sequence[Match], held: Mapping[int, list[str]]
) -> HitEvidence:
    intents = dict.fromkeys(intent for match in matches for intent in match.intents)
    labels = (matcher.past.describe(intent)[1] for intent in intents)
    return HitEvidence(
        terms=list(dict.fromkeys(word for match in matches for word in held.get(match.document, ()))),
        intents=list(islice((label for label in labels if label is not None), MAX_INTENTS)),
        times_matched=totals.get("times_matched") or 0,
        clients=totals.get("clients") or 0,
        kind="observed" if intents else "inferred",
        simulated=bool(totals.get("simulated")),
    )


def _message(query: Query, hits: Sequence[Hit], nothing: bool, filtered: bool) -> str | None:
    said = []
    if not query.text.strip():
        said.append("The query is empty.")
    elif not query.stems:
        said.append("The query holds no word to search for, only function words or signs.")
    elif not hits:
        within = " within these filters" if filtered else ""
        said.append(f"Nothing here holds any word of the query{within}.")
    elif nothing:
        said.append("Nothing fits well; these come nearest.")
    if query.corrected:
        pairs = ", ".join(f"{word} as {known}" for word, known in query.corrected.items())
        said.append(f"Read {pairs}.")
    return " ".join(said) or None
