MATCH (i:Intent)-[m:MATCHED {kind: 'observed'}]->(x) WHERE m.times_matched > 0
WITH i, count(DISTINCT coalesce(x.artifact_id, x.id)) AS artifacts, sum(m.times_matched) AS chosen
WHERE artifacts >= $min_artifacts
RETURN i.id AS intent_id, i.name AS intent, i.clients AS clients, artifacts, chosen
ORDER BY artifacts DESC, intent_id
