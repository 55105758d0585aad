MATCH (a:Artifact) WHERE a.impressions > 0 AND a.impressions >= $min_impressions
WITH a, toFloat(a.clicks) / a.impressions AS share
WHERE share <= $max_share
RETURN a.id AS artifact_id, a.name AS artifact, a.impressions AS impressions, a.clicks AS clicks, share
ORDER BY impressions DESC, artifact_id
