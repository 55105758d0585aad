SELECT id AS artifact_id, name AS artifact, rank, rank_low, rank_high, rank_high - rank_low AS width
FROM graph.artifact
WHERE rank IS NOT NULL AND rank_high - rank_low >= $min_width
ORDER BY width DESC, id
