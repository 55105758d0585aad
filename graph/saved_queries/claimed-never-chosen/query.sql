SELECT id AS capability_id, name AS capability, artifact_id, coalesce(impressions, 0) AS impressions
FROM graph.capability
WHERE coalesce(impressions, 0) >= $min_impressions AND coalesce(times_matched, 0) = 0
ORDER BY impressions DESC, id
