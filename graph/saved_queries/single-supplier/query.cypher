MATCH (i:Intent)-[m:MATCHED {kind: 'observed'}]->(x) WHERE m.times_matched > 0 AND i.clients >= $min_clients
WITH i, collect(DISTINCT coalesce(x.artifact_id, x.id)) AS artifacts, sum(m.times_matched) AS chosen
WHERE size(artifacts) = 1
RETURN i.id AS intent_id, i.name AS intent, i.clients AS clients, artifacts[0] AS artifact_id, chosen
ORDER BY clients DESC, intent_id
