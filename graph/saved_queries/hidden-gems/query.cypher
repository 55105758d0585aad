MATCH (a:Artifact) WHERE a.strength_low >= $min_strength AND a.impressions <= $max_impressions
RETURN a.id AS artifact_id, a.name AS artifact, a.impressions AS impressions,
       a.strength AS strength, a.strength_low AS strength_low
ORDER BY strength_low DESC, artifact_id
