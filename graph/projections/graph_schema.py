"""The match graph as a property graph: kinds of nodes and edges, as data. The one place where they are named.

Every projection (SQL views, data frames, NetworkX, GraphML, Neo4j, RDF) and its documentation is derived from `NODES`
and `EDGES`. A node is identified by its label and its `id`; an edge by its type, its two ends and its `key` properties.
Each type says in SQL how it comes from the snapshot's tables, and each property which expression gives it.

Times are UTC. Null means "not known", never zero. `term` is the property's name in RDF; terms of others come before
ours (`mg:`), see `graph.projections.rdf_terms`.
"""

from __future__ import annotations

from typing import Final

from graph.projections.graph_types import BOOL, TIME, EdgeType, NodeType, Property
from graph.schemas import INT, TEXT, TEXTS
from graph.snapshot_schemas import FLOAT

__all__ = ["EDGES", "EDGE_TYPES", "NODES", "NODE_OF_LABEL", "EdgeType", "NodeType", "Property"]

_EVIDENCE: Final = (
    Property("times_matched", INT, "distinct (client, day, intent) for which it was chosen", "mg:timesMatched"),
    Property("impressions", INT, "times shown", "mg:impressions"),
    Property("clicks", INT, "times chosen", "mg:clicks"),
    Property("clients", INT, "distinct clients that chose it", "mg:clients"),
    Property("successes", INT, "uses that are known to have worked", "mg:successes"),
    Property("failures", INT, "uses that are known to have failed", "mg:failures"),
    Property("strength", FLOAT, "probability of being chosen under equal exposure, 0 to 1", "mg:strength"),
    Property("strength_low", FLOAT, "lower end of its 95 % interval", "mg:strengthLow"),
    Property("strength_high", FLOAT, "upper end of its 95 % interval", "mg:strengthHigh"),
)
_SEEN: Final = (
    Property("first_seen", TIME, "time of the first evidence", "mg:firstSeen"),
    Property("last_seen", TIME, "time of the last evidence", "mg:lastSeen"),
)

_OF_ACTOR: Final = (
    ("times_matched", INT, "times matched", "TimesMatched"),
    ("clients", INT, "distinct clients", "Clients"),
    ("strength", FLOAT, "strength", "Strength"),
    ("strength_low", FLOAT, "lower end of its 95 % interval", "StrengthLow"),
    ("strength_high", FLOAT, "upper end of its 95 % interval", "StrengthHigh"),
    ("success_rate", FLOAT, "success rate", "SuccessRate"),
    ("success_low", FLOAT, "lower end of its 95 % interval", "SuccessLow"),
    ("success_high", FLOAT, "upper end of its 95 % interval", "SuccessHigh"),
)
_BY_ACTOR: Final = tuple(
    Property(f"{actor}_{name}", type_, f"{meaning}, of {said} alone", f"mg:{actor}{term}")
    for actor, said in (("human", "people"), ("agent", "agents"))
    for name, type_, meaning, term in _OF_ACTOR
)
_ACTORS_BESIDE: Final = ", ".join(
    f"max({name}) FILTER (actor = '{actor}') AS {actor}_{name}"
    for actor in ("human", "agent")
    for name, *_ in _OF_ACTOR
)

ARTIFACT: Final = NodeType(
    label="Artifact",
    meaning="anything listed, and whatever the log chose that no catalogue describes",
    id_sql="i.artifact_id",
    # Ids of the log that no catalogue describes are nodes as well, so that no edge ends nowhere.
    source=f"""(
        SELECT artifact_id FROM artifacts UNION SELECT artifact_id FROM capabilities
        UNION SELECT artifact_id FROM edges UNION SELECT artifact_id FROM related UNION SELECT other_id FROM related
        UNION SELECT artifact_a FROM head_to_head UNION SELECT artifact_b FROM head_to_head
        UNION SELECT artifact_id FROM duplicates UNION SELECT other_id FROM duplicates
    ) i LEFT JOIN artifacts a USING (artifact_id) LEFT JOIN ranks r USING (artifact_id)
    LEFT JOIN evidence e USING (artifact_id)
    LEFT JOIN (SELECT artifact_id, {_ACTORS_BESIDE} FROM evidence_by_actor GROUP BY ALL) USING (artifact_id)""",
    properties=(
        Property("name", TEXT, "its name, else its id", "schema:name", "coalesce(a.name, i.artifact_id)"),
        Property("type", TEXT, "type of artifact, for example model", "schema:additionalType", "a.type"),
        Property("url", TEXT, "home page", "schema:url"),
        Property("description", TEXT, "what it says of itself", "schema:description"),
        Property("license", TEXT, "licence, as stated", "schema:license"),
        Property("vendor", TEXT, "who makes it", "schema:provider"),
        Property("pricing_model", TEXT, "free, freemium, paid, open_source or unknown", "mg:pricingModel"),
        Property("price", TEXT, "price as printed", "schema:price"),
        Property("tags", TEXTS, "key words", "schema:keywords"),
        Property("downloads", INT, "downloads, as reported", "mg:downloads"),
        Property("likes", INT, "likes, as reported", "mg:likes"),
        Property("stars", INT, "stars, as reported", "mg:stars"),
        Property("created_at", TIME, "when it came into being", "schema:dateCreated"),
        Property("updated_at", TIME, "when it last changed", "schema:dateModified"),
        Property("catalogued", BOOL, "whether a catalogue describes it", "mg:catalogued", "a.artifact_id IS NOT NULL"),
        Property("rank", FLOAT, "rank, 0 to 100", "mg:rank", most=100),
        Property("rank_low", FLOAT, "lower end of its 95 % interval", "mg:rankLow", "r.low", most=100),
        Property("rank_high", FLOAT, "upper end of its 95 % interval", "mg:rankHigh", "r.high", most=100),
        Property("completeness", FLOAT, "share of the rank's weight whose parts are known, 0 to 1", "mg:completeness"),
        Property("place", INT, "place among all ranks, from 1", "mg:place"),
        *_EVIDENCE,
        Property("intents", INT, "distinct intents for which it was chosen", "mg:intents", "e.intents"),
        *_BY_ACTOR,
        *_SEEN,
        Property("simulated", BOOL, "whether any evidence comes from a log that says it is simulated", "mg:simulated"),
    ),
    term="mg:Artifact",
)

CAPABILITY: Final = NodeType(
    label="Capability",
    meaning="one thing an artifact can do; belongs to exactly one artifact",
    id_sql="capability_id",
    source="""capabilities LEFT JOIN (
        SELECT capability_id, sum(times_matched)::BIGINT AS times_matched, sum(impressions)::BIGINT AS impressions,
               count(*) FILTER (times_matched > 0) AS chosen_for
        FROM edges WHERE capability_id IS NOT NULL AND kind = 'observed' GROUP BY capability_id
    ) m USING (capability_id)""",
    properties=(
        Property("name", TEXT, "its name", "schema:name"),
        Property("artifact_id", TEXT, "id of the artifact that has it", "mg:artifactId"),
        Property("description", TEXT, "what it does", "schema:description"),
        Property("unique", TEXT, "what is said to be unique about it", "mg:unique"),
        Property("vs_alternatives", TEXT, "how it says it compares", "mg:vsAlternatives"),
        Property("claimed_intents", TEXTS, "needs that it says it serves", "mg:claimedIntent", '"intents"'),
        Property("best_for", TEXTS, "what it says it is best for", "mg:bestFor"),
        Property("limitations", TEXTS, "limits that it states", "mg:limitation"),
        Property("requires", TEXTS, "what it needs", "schema:softwareRequirements"),
        Property("input_types", TEXTS, "what goes in", "mg:inputType"),
        Property("output_types", TEXTS, "what comes out", "mg:outputType"),
        Property("tags", TEXTS, "key words", "schema:keywords"),
        Property("times_matched", INT, "distinct (client, day, intent) that chose it itself", "mg:timesMatched"),
        Property("impressions", INT, "times shown itself", "mg:impressions"),
        Property("chosen_for", INT, "distinct intents for which it was chosen itself", "mg:chosenFor"),
    ),
    term="mg:Capability",
)

CONCEPT: Final = NodeType(
    label="Concept",
    meaning="a capability that several artifacts share",
    id_sql="concept_uri",
    source="""(
        SELECT concept_uri, min(label) AS label, count(*) AS capabilities, count(DISTINCT artifact_id) AS artifacts
        FROM concepts GROUP BY concept_uri
    )""",
    properties=(
        Property("name", TEXT, "its label", "skos:prefLabel", "label"),
        Property("capabilities", INT, "capabilities that are instances of it", "mg:capabilities"),
        Property("artifacts", INT, "artifacts that have one of them", "mg:artifacts"),
    ),
    term="skos:Concept",
)

INTENT: Final = NodeType(
    label="Intent",
    meaning="the need behind searches: query texts that mean the same",
    id_sql="intent_id",
    source="intents",
    properties=(
        Property("name", TEXT, "the query text that most clients used", "schema:name", "label"),
        Property("texts", INT, "distinct normalised texts", "mg:texts"),
        Property("searches", INT, "searches", "mg:searches"),
        Property("clients", INT, "distinct clients", "mg:clients"),
        *_SEEN,
    ),
    term="mg:Intent",
)

SOURCE: Final = NodeType(
    label="Source",
    meaning="a file or service that described artifacts or capabilities",
    id_sql="source",
    source="""(
        SELECT source, count(*) FILTER (what = 'artifact') AS artifacts,
               count(*) FILTER (what = 'capability') AS capabilities
        FROM (SELECT unnest(sources) AS source, 'artifact' AS what FROM artifacts
              UNION ALL SELECT unnest(sources), 'capability' FROM capabilities)
        GROUP BY source
    )""",
    properties=(
        Property("name", TEXT, "folder and file name", "schema:name", "source"),
        Property("artifacts", INT, "artifacts that it describes", "mg:artifacts"),
        Property("capabilities", INT, "capabilities that it describes", "mg:capabilities"),
    ),
    term="mg:Source",
)

NODES: Final = (ARTIFACT, CAPABILITY, CONCEPT, INTENT, SOURCE)

_MATCH: Final = (
    Property("kind", TEXT, "observed in logs, or inferred from texts", "mg:kind"),
    *_EVIDENCE,
    Property("confidence", FLOAT, "probability that a match by text is right, 0 to 1", "mg:confidence"),
    *_SEEN,
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
        source="(SELECT DISTINCT artifact_id, unnest(sources) AS source FROM artifacts)",
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
        source="(SELECT DISTINCT capability_id, unnest(sources) AS source FROM capabilities)",
        tables=("capabilities",),
        properties=(),
        term="prov:wasDerivedFrom",
        view="capability_described_in",
    ),
)

NODE_OF_LABEL: Final = {node.label: node for node in NODES}
EDGE_TYPES: Final = tuple(dict.fromkeys(edge.type for edge in EDGES))
