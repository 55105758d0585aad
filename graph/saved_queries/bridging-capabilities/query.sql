WITH chosen AS (
    SELECT m."start" AS intent_id, c.id AS capability_id, c.name, c.artifact_id
    FROM graph.matched_capability AS m JOIN graph.capability AS c ON c.id = m."end"
    WHERE m.kind = 'observed' AND m.times_matched > 0
), chosen_artifact AS (SELECT DISTINCT intent_id, artifact_id FROM chosen)
SELECT own.capability_id, own.name AS capability, own.artifact_id,
       count(DISTINCT own.intent_id) AS intents, count(DISTINCT other.artifact_id) AS rivals
FROM chosen AS own
LEFT JOIN chosen_artifact AS other ON other.intent_id = own.intent_id AND other.artifact_id <> own.artifact_id
GROUP BY own.capability_id, own.name, own.artifact_id
HAVING intents >= $min_intents
ORDER BY intents DESC, rivals DESC, own.capability_id
