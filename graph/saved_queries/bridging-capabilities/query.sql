WITH chosen AS (
    SELECT DISTINCT m."start" AS intent_id, c.id AS capability_id, c.artifact_id
    FROM graph.matched_capability AS m JOIN graph.capability AS c ON c.id = m."end"
    WHERE m.kind = 'observed' AND m.times_matched > 0
), numbered AS ( -- numbers instead of texts: there are many pairs
    SELECT capability_id, dense_rank() OVER (ORDER BY capability_id)::UINTEGER AS capability,
           dense_rank() OVER (ORDER BY intent_id)::UINTEGER AS intent,
           dense_rank() OVER (ORDER BY artifact_id)::UINTEGER AS artifact
    FROM chosen
), answer AS (SELECT DISTINCT intent, artifact FROM numbered),
width AS (SELECT intent, count(*) AS artifacts FROM answer GROUP BY intent),
often AS ( -- with the need of most artifacts: what is chosen for it is counted without being paired
    SELECT capability, any_value(capability_id) AS capability_id, count(*) AS intents,
           arg_max(intent, artifacts) AS widest, max(artifacts) AS artifacts
    FROM numbered JOIN width USING (intent) GROUP BY capability HAVING intents >= $min_intents
), further AS (
    SELECT DISTINCT often.capability, answer.artifact
    FROM often JOIN numbered USING (capability) JOIN answer USING (intent)
    WHERE numbered.intent <> often.widest
      AND NOT EXISTS (FROM answer AS wide WHERE wide.intent = often.widest AND wide.artifact = answer.artifact)
), more AS (SELECT capability, count(*) AS artifacts FROM further GROUP BY capability)
SELECT c.id AS capability_id, c.name AS capability, c.artifact_id, often.intents,
       often.artifacts + coalesce(more.artifacts, 0) - 1 AS rivals
FROM often LEFT JOIN more USING (capability) JOIN graph.capability AS c ON c.id = often.capability_id
ORDER BY often.intents DESC, rivals DESC, c.id
