SELECT id AS artifact_id, name AS artifact, impressions, strength, strength_low
FROM graph.artifact
WHERE strength_low >= $min_strength AND impressions <= $max_impressions
ORDER BY strength_low DESC, id
