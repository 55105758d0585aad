"""The kinds of edges of the match graph. See `graph.projections.graph_schema`."""

from __future__ import annotations

from typing import Final

from graph.projections.graph_nodes import EVIDENCE, SEEN, SOURCE_NAMES
from graph.projections.graph_types import EdgeType, Property
from graph.schemas import INT, TEXT
from graph.snapshot_schemas import FLOAT

_MATCH: Final = (
    Property("kind", TEXT, "observed in logs, or inferred from texts", "mg:kind"),
    *EVIDENCE,
    Property("confidence", FLOAT, "probability that a match by text is right, 0 to 1", "mg:confidence"),
    *SEEN,
)
_RELATED: Final = (
    Property("score", FLOAT, "how strongly, 0 to 1", "mg:score"),
    Property("place", INT, "place in the list of the artifact where it starts, from 1", "mg:place"),
    Property("reasons", TEXT, "JSON list of {kind, text, weight}", "mg:reasons"),
)

EDGES: Final = (
    EdgeType(
        type="PROVIDES",
        start="Artifact",
        end="Capability",
        meaning="the artifact has the capability",
        start_sql="artifact_id",
        end_sql="capability_id",
        source="capabilities",
        tables=("capabilities",),
        properties=(),
        term="mg:provides",
        view="provides",
    ),
    EdgeType(
        type="INSTANCE_OF",
        start="Capability",
        end="Concept",
        meaning="the capability is one of those that the concept stands for",
        start_sql="capability_id",
        end_sql="concept_uri",
        source="concepts SEMI JOIN capabilities USING (capability_id)",
        tables=("concepts", "capabilities"),
        properties=(Property("similarity", FLOAT, "to the concept's representative, 0 to 1", "mg:similarity"),),
        term="dcterms:subject",
        view="instance_of",
    ),
    EdgeType(
        type="MATCHED",
        start="Intent",
        end="Artifact",
        meaning="the artifact as a whole was shown or chosen for the intent",
        start_sql="intent_id",
        end_sql="artifact_id",
        source="edges SEMI JOIN intents USING (intent_id) WHERE capability_id IS NULL",
        tables=("edges", "intents"),
        properties=_MATCH,
        term="mg:matched",
        view="matched_artifact",
        key=("kind",),
    ),
    EdgeType(
        type="MATCHED",
        start="Intent",
        end="Capability",
        meaning="the capability itself was shown or chosen for the intent, or fits it by text",
        start_sql="intent_id",
        end_sql="capability_id",
        source="edges SEMI JOIN intents USING (intent_id) SEMI JOIN capabilities USING (capability_id)",
        tables=("edges", "intents", "capabilities"),
        properties=_MATCH,
        term="mg:matched",
        view="matched_capability",
        key=("kind",),
    ),
    EdgeType(
        type="ALTERNATIVE_TO",
        start="Artifact",
        end="Artifact",
        meaning="the second is chosen, or fits, instead of the first",
        start_sql="artifact_id",
        end_sql="other_id",
        source="related WHERE relation = 'alternative'",
        tables=("related",),
        properties=_RELATED,
        term="mg:alternative",
        view="alternative_to",
    ),
    EdgeType(
        type="COMPLEMENTS",
        start="Artifact",
        end="Artifact",
        meaning="the second is chosen together with the first",
        start_sql="artifact_id",
        end_sql="other_id",
        source="related WHERE relation = 'complement'",
        tables=("related",),
        properties=_RELATED,
        term="mg:complement",
        view="complements",
    ),
    EdgeType(
        type="COMPARED_WITH",
        start="Artifact",
        end="Artifact",
        meaning="searches showed both and led to a choice of either; there is such an edge in each direction",
        start_sql='"from"',
        end_sql='"to"',
        source="""(
            SELECT artifact_a AS "from", artifact_b AS "to", clients, for_a AS wins, for_b AS losses
            FROM head_to_head WHERE intent_key IS NULL
            UNION ALL SELECT artifact_b, artifact_a, clients, for_b, for_a FROM head_to_head WHERE intent_key IS NULL
        )""",
        tables=("head_to_head",),
        properties=(
            Property("clients", INT, "distinct clients that chose either, over all intents", "mg:clients"),
            Property("wins", INT, "clients that chose the first more often than the second", "mg:wins"),
            Property("losses", INT, "clients that chose the second more often than the first", "mg:losses"),
        ),
        term="mg:comparedWith",
        view="compared_with",
    ),
    EdgeType(
        type="DUPLICATE_OF",
        start="Artifact",
        end="Artifact",
        meaning="both are the same thing, listed twice",
        start_sql="artifact_id",
        end_sql="other_id",
        source="duplicates",
        tables=("duplicates",),
        properties=(
            Property("kind", TEXT, "in what way", "mg:kind"),
            Property("score", FLOAT, "how surely, 0 to 1", "mg:score"),
            Property("reasons", TEXT, "JSON list of {kind, text, weight}", "mg:reasons"),
        ),
        term="mg:duplicateOf",
        view="duplicate_of",
    ),
    EdgeType(
        type="DESCRIBED_IN",
        start="Artifact",
        end="Source",
        meaning="the source describes the artifact",
        start_sql="artifact_id",
        end_sql="source",
        source=f"(SELECT artifact_id, unnest({SOURCE_NAMES}) AS source FROM artifacts)",
        tables=("artifacts",),
        properties=(),
        term="prov:wasDerivedFrom",
        view="artifact_described_in",
    ),
    EdgeType(
        type="DESCRIBED_IN",
        start="Capability",
        end="Source",
        meaning="the source describes the capability",
        start_sql="capability_id",
        end_sql="source",
        source=f"(SELECT capability_id, unnest({SOURCE_NAMES}) AS source FROM capabilities)",
        tables=("capabilities",),
        properties=(),
        term="prov:wasDerivedFrom",
        view="capability_described_in",
    ),
)
