"""The kinds of nodes of the match graph. See `graph.projections.graph_schema`."""

from __future__ import annotations

from typing import Final

from graph.projections.graph_types import BOOL, TIME, NodeType, Property
from graph.schemas import INT, TEXT, TEXTS
from graph.snapshot_schemas import FLOAT
from graph.source_names import source_names_sql

SOURCE_NAMES: Final = source_names_sql("sources")
"""Files of the operator stay with him: the graph may be published, and knows sources by their names alone."""
EVIDENCE: Final = (
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
SEEN: Final = (
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
        *EVIDENCE,
        Property("intents", INT, "distinct intents for which it was chosen", "mg:intents", "e.intents"),
        *_BY_ACTOR,
        *SEEN,
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
        *SEEN,
    ),
    term="mg:Intent",
)

SOURCE: Final = NodeType(
    label="Source",
    meaning="a file or service that described artifacts or capabilities",
    id_sql="source",
    source=f"""(
        SELECT source, count(*) FILTER (what = 'artifact') AS artifacts,
               count(*) FILTER (what = 'capability') AS capabilities
        FROM (SELECT unnest({SOURCE_NAMES}) AS source, 'artifact' AS what FROM artifacts
              UNION ALL SELECT unnest({SOURCE_NAMES}), 'capability' FROM capabilities)
        GROUP BY source
    )""",
    properties=(
        Property("name", TEXT, "file name without folder and ending", "schema:name", "source"),
        Property("artifacts", INT, "artifacts that it describes", "mg:artifacts"),
        Property("capabilities", INT, "capabilities that it describes", "mg:capabilities"),
    ),
    term="mg:Source",
)

NODES: Final = (ARTIFACT, CAPABILITY, CONCEPT, INTENT, SOURCE)
