MATCH (c:Capability)
WHERE coalesce(c.impressions, 0) >= $min_impressions AND coalesce(c.times_matched, 0) = 0
RETURN c.id AS capability_id, c.name AS capability, c.artifact_id AS artifact_id,
       coalesce(c.impressions, 0) AS impressions
ORDER BY impressions DESC, capability_id
