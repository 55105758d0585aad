SELECT id AS artifact_id, name AS artifact, impressions, clicks, clicks::DOUBLE / impressions AS share
FROM graph.artifact
WHERE impressions > 0 AND impressions >= $min_impressions AND share <= $max_share
ORDER BY impressions DESC, id
