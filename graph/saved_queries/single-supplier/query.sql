WITH answer AS (
    SELECT "start" AS intent_id, "end" AS artifact_id, times_matched FROM graph.matched_artifact WHERE kind = 'observed'
    UNION ALL
    SELECT m."start", c.artifact_id, m.times_matched
    FROM graph.matched_capability AS m JOIN graph.capability AS c ON c.id = m."end" WHERE m.kind = 'observed'
)
SELECT i.id AS intent_id, i.name AS intent, i.clients, min(a.artifact_id) AS artifact_id, sum(a.times_matched) AS chosen
FROM answer AS a JOIN graph.intent AS i ON i.id = a.intent_id
WHERE a.times_matched > 0 AND i.clients >= $min_clients
GROUP BY i.id, i.name, i.clients
HAVING count(DISTINCT a.artifact_id) = 1
ORDER BY i.clients DESC, i.id
