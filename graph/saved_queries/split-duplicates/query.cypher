MATCH (a:Artifact)-[d:DUPLICATE_OF]->(b:Artifact) WHERE a.id < b.id AND d.score >= $min_score
RETURN a.id AS artifact_id, b.id AS other_id, d.kind AS kind, d.score AS score,
       coalesce(a.times_matched, 0) AS times_matched, coalesce(b.times_matched, 0) AS other_times_matched
ORDER BY score DESC, artifact_id, other_id
