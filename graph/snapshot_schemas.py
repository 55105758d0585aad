"""Columns of every snapshot table, as Arrow schemas. The one place where they are named.

A snapshot holds answers: what was computed from one state of the ledger at one time `now`.
Probabilities, parts and shares are between 0 and 1; ranks and contributions between 0 and 100.
Null means "not known", never zero.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from graph.schemas import ARTIFACTS, CAPABILITIES, INT, TEXT, TEXTS

FLOAT: Final = pa.float64()

ARTIFACT_TABLE: Final = pa.schema(
    [field for field in ARTIFACTS if field.name not in ("source_row", "content_hash", "ingested_at", "source")]
    + [pa.field("sources", TEXTS), pa.field("revisions", INT), pa.field("object_key", INT)]
)
"""One row for each artifact: of all its revisions the newest known value of every field."""

CAPABILITY_TABLE: Final = pa.schema(
    [field for field in CAPABILITIES if field.name not in ("source_row", "content_hash", "ingested_at", "source")]
    + [
        pa.field("sources", TEXTS),
        pa.field("revisions", INT),
        pa.field("object_key", INT),
        pa.field("known_at", INT),
    ]
)
"""One row for each capability. `known_at`: its own date if stated, else when it came into the ledger."""

INTENTS: Final = pa.schema(
    [
        pa.field("intent_id", TEXT),  # "int_" and 16 hexadecimal digits
        pa.field("intent_key", INT),
        pa.field("label", TEXT),  # the query text that most clients used
        pa.field("texts", INT),  # distinct normalised texts
        pa.field("searches", INT),
        pa.field("clients", INT),
        pa.field("first_seen", INT),
        pa.field("last_seen", INT),
    ]
)

TEXT_INTENTS: Final = pa.schema([pa.field("text_key", INT), pa.field("text", TEXT), pa.field("intent_key", INT)])
"""Which intent each normalised query text belongs to."""

EDGES: Final = pa.schema(
    [
        pa.field("intent_id", TEXT),
        pa.field("intent_key", INT),
        pa.field("artifact_id", TEXT),
        pa.field("capability_id", TEXT),  # null: matched as a whole
        pa.field("kind", TEXT),  # observed or inferred
        pa.field("times_matched", INT),
        pa.field("impressions", INT),
        pa.field("clicks", INT),
        pa.field("clients", INT),  # distinct clients that chose it
        pa.field("agent_times_matched", INT),  # how many of them were an agent's; the others were people's
        pa.field("agent_clients", INT),
        pa.field("successes", INT),
        pa.field("failures", INT),
        pa.field("success_rate", FLOAT),  # sources weighed by their reliability; null where no outcome is known
        pa.field("success_low", FLOAT),
        pa.field("success_high", FLOAT),
        pa.field("success_n", FLOAT),  # outcomes that count for the rate, old ones weighing less
        pa.field("strength", FLOAT),
        pa.field("strength_low", FLOAT),
        pa.field("strength_high", FLOAT),
        pa.field("effective_n", FLOAT),  # certain looks that would say as much about strength
        pa.field("confidence", FLOAT),
        pa.field("first_seen", INT),
        pa.field("last_seen", INT),
        pa.field("catalogued", pa.bool_()),  # whether the catalogue describes the artifact
    ]
)

JUDGMENTS: Final = pa.schema(
    [
        pa.field("intent_key", INT),
        pa.field("artifact_id", TEXT),
        pa.field("capability_id", TEXT),
        pa.field("grade", FLOAT),  # mean grade as given
        pa.field("judgments", INT),
    ]
)
"""Explicit relevance, kept apart from clicks."""

EVIDENCE: Final = pa.schema(
    [
        pa.field("artifact_id", TEXT),
        pa.field("times_matched", INT),
        pa.field("clients", INT),
        pa.field("intents", INT),
        pa.field("impressions", INT),
        pa.field("clicks", INT),
        pa.field("successes", INT),
        pa.field("failures", INT),
        pa.field("success_rate", FLOAT),  # sources weighed by their reliability; null where no outcome is known
        pa.field("success_low", FLOAT),
        pa.field("success_high", FLOAT),
        pa.field("success_n", FLOAT),  # outcomes that count for the rate, old ones weighing less
        pa.field("strength", FLOAT),
        pa.field("strength_low", FLOAT),
        pa.field("strength_high", FLOAT),
        pa.field("effective_n", FLOAT),
        pa.field("first_seen", INT),
        pa.field("last_seen", INT),
        pa.field("simulated", pa.bool_()),  # whether any choice is from a log that says it is simulated
    ]
)
"""Totals for each artifact with any evidence; distinct counts are counted anew, not added up."""

EVIDENCE_BY_ACTOR: Final = pa.schema(
    [
        pa.field("artifact_id", TEXT),
        pa.field("actor", TEXT),  # human or agent
        pa.field("times_matched", INT),
        pa.field("clients", INT),
        pa.field("successes", INT),
        pa.field("failures", INT),
        pa.field("success_rate", FLOAT),  # of what this actor chose; null where no outcome is known
        pa.field("success_low", FLOAT),
        pa.field("success_high", FLOAT),
        pa.field("success_n", FLOAT),
        pa.field("strength", FLOAT),  # fitted to what this actor was shown and chose; null where nothing was shown
        pa.field("strength_low", FLOAT),
        pa.field("strength_high", FLOAT),
        pa.field("effective_n", FLOAT),
    ]
)
"""The evidence of people and of agents apart: at most two rows for each artifact, none for an actor it never met."""

ONE_THING: Final = pa.schema(
    [pa.field("artifact_id", TEXT), pa.field("listed_as", TEXT)]  # the name under which lists have it
    + [field for field in EVIDENCE if field.name != "artifact_id"]
)
"""One row for each name of a thing that has several: the evidence of all its names together, counted anew."""

RANKS: Final = pa.schema(
    [
        pa.field("artifact_id", TEXT),
        pa.field("type", TEXT),
        pa.field("rank", FLOAT),  # 0-100; null when no part is known
        pa.field("low", FLOAT),  # ends of its 95 % interval
        pa.field("high", FLOAT),
        pa.field("completeness", FLOAT),  # share of the weight whose parts are known
        pa.field("place", INT),  # among all artifacts, from 1, by `low`; equals, and names of one thing, share one
        pa.field("place_low", INT),  # ends of its 95 % range
        pa.field("place_high", INT),
        pa.field("type_place", INT),  # the same among the artifacts of its type
        pa.field("type_place_low", INT),
        pa.field("type_place_high", INT),
        pa.field("method", TEXT),
    ]
)

RANK_PARTS: Final = pa.schema(
    [
        pa.field("artifact_id", TEXT),
        pa.field("part", TEXT),  # adoption, quality, ecosystem, match_graph, freshness
        pa.field("value", FLOAT),  # 0-1; null when not known
        pa.field("low", FLOAT),
        pa.field("high", FLOAT),
        pa.field("weight", FLOAT),  # after leaving out the unknown parts; known parts add up to 1
        pa.field("contribution", FLOAT),  # 100 * weight * value; they add up to the rank
        pa.field("inputs", TEXT),  # JSON: every number that went in
    ]
)

CONCEPTS: Final = pa.schema(
    [
        pa.field("concept_uri", TEXT),
        pa.field("label", TEXT),
        pa.field("capability_id", TEXT),
        pa.field("artifact_id", TEXT),
        pa.field("similarity", FLOAT),  # to the concept's representative
    ]
)
"""One row for each capability that belongs to a concept of at least two artifacts."""

CONCEPT_ALIASES: Final = pa.schema([pa.field("alias_uri", TEXT), pa.field("concept_uri", TEXT)])
"""Other addresses of concepts, by the names that their capabilities bear or once bore."""

CAPABILITY_PAIRS: Final = pa.schema(
    [
        pa.field("capability_a", TEXT),
        pa.field("capability_b", TEXT),
        pa.field("artifact_a", TEXT),
        pa.field("artifact_b", TEXT),
        pa.field("similarity", FLOAT),
        pa.field("by_names", FLOAT),  # what the names add to it; null where a person decided
        pa.field("by_texts", FLOAT),  # what else they say of themselves adds
        pa.field("factor", FLOAT),  # of their sum; below 1 where the names differ
    ]
)
"""Similar capabilities of different artifacts, each pair once (capability_a < capability_b)."""

RELATED: Final = pa.schema(
    [
        pa.field("artifact_id", TEXT),
        pa.field("relation", TEXT),  # alternative (chosen instead) or complement (chosen together)
        pa.field("other_id", TEXT),
        pa.field("score", FLOAT),
        pa.field("place", INT),
        pa.field("reasons", TEXT),  # JSON list of {kind, text, weight}
    ]
)

DUPLICATES: Final = pa.schema(
    [
        pa.field("artifact_id", TEXT),
        pa.field("other_id", TEXT),
        pa.field("kind", TEXT),  # same (one thing under two names) or variant (of one family)
        pa.field("score", FLOAT),  # how sure it is, 0-1
        pa.field("reasons", TEXT),  # JSON list of {kind, text, weight}
    ]
)
"""Artifacts that are one thing, or variants of one: each pair in both directions. Each keeps its rows."""

HEAD_TO_HEAD: Final = pa.schema(
    [
        pa.field("artifact_a", TEXT),
        pa.field("artifact_b", TEXT),
        pa.field("intent_key", INT),  # null: over all intents
        pa.field("clients", INT),
        pa.field("for_a", INT),  # clients that chose A more often than B; the others with for_b: as often
        pa.field("for_b", INT),
        pa.field("a_above_a", INT),  # searches with A above in which A alone was chosen, and so on
        pa.field("a_above_b", INT),
        pa.field("a_above_ties", INT),
        pa.field("b_above_a", INT),
        pa.field("b_above_b", INT),
        pa.field("b_above_ties", INT),
        pa.field("client_products", pa.list_(INT)),  # for the variance: see `queries.evidence.davidson.Duels`
    ]
)
"""One row for each pair (artifact_a < artifact_b) that searches showed together and that led to a choice of either; a
thing of several names stands there under the one by which it is listed."""

SNAPSHOT_TABLES: Final = {
    "artifacts": ARTIFACT_TABLE,
    "capabilities": CAPABILITY_TABLE,
    "intents": INTENTS,
    "text_intents": TEXT_INTENTS,
    "edges": EDGES,
    "judgments": JUDGMENTS,
    "evidence": EVIDENCE,
    "evidence_by_actor": EVIDENCE_BY_ACTOR,
    "ranks": RANKS,
    "rank_parts": RANK_PARTS,
    "concepts": CONCEPTS,
    "concept_aliases": CONCEPT_ALIASES,
    "capability_pairs": CAPABILITY_PAIRS,
    "related": RELATED,
    "duplicates": DUPLICATES,
    "one_thing": ONE_THING,
    "head_to_head": HEAD_TO_HEAD,
}
