MATCH (a:Artifact)
WHERE a.catalogued AND coalesce(a.times_matched, 0) = 0 AND coalesce(a.impressions, 0) >= $min_impressions
RETURN a.id AS artifact_id, a.name AS artifact, a.type AS type, coalesce(a.impressions, 0) AS impressions
ORDER BY impressions DESC, artifact_id
