WITH chosen AS (
    SELECT DISTINCT m."start" AS intent_id, c.id AS capability_id, c.artifact_id
    FROM graph.matched_capability AS m JOIN graph.capability AS c ON c.id = m."end"
    WHERE m.kind = 'observed' AND m.times_matched > 0
), numbered AS ( -- numbers instead of texts: there are many pairs
    SELECT capability_id, dense_rank() OVER (ORDER BY capability_id) AS capability,
           dense_rank() OVER (ORDER BY intent_id) AS intent, dense_rank() OVER (ORDER BY artifact_id) AS artifact
    FROM chosen
), often AS (
    SELECT capability, any_value(capability_id) AS capability_id, count(*) AS intents
    FROM numbered GROUP BY capability HAVING intents >= $min_intents
), pair AS (
    SELECT DISTINCT own.capability, other.artifact
    FROM numbered AS own
    SEMI JOIN often USING (capability)
    JOIN (SELECT DISTINCT intent, artifact FROM numbered) AS other USING (intent)
), rival AS (SELECT capability, count(*) - 1 AS rivals FROM pair GROUP BY capability)
SELECT c.id AS capability_id, c.name AS capability, c.artifact_id, often.intents, rival.rivals
FROM often JOIN rival USING (capability) JOIN graph.capability AS c ON c.id = often.capability_id
ORDER BY often.intents DESC, rival.rivals DESC, c.id
