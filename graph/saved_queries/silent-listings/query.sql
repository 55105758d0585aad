SELECT id AS artifact_id, name AS artifact, type, coalesce(impressions, 0) AS impressions
FROM graph.artifact
WHERE catalogued AND coalesce(times_matched, 0) = 0 AND coalesce(impressions, 0) >= $min_impressions
ORDER BY 4 DESC, id
