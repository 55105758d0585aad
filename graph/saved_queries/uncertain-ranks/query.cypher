MATCH (a:Artifact) WHERE a.rank IS NOT NULL AND a.rank_high - a.rank_low >= $min_width
RETURN a.id AS artifact_id, a.name AS artifact, a.rank AS rank, a.rank_low AS rank_low, a.rank_high AS rank_high,
       a.rank_high - a.rank_low AS width
ORDER BY width DESC, artifact_id
