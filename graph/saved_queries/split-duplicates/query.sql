SELECT a.id AS artifact_id, b.id AS other_id, d.kind, d.score,
       coalesce(a.times_matched, 0) AS times_matched, coalesce(b.times_matched, 0) AS other_times_matched
FROM graph.duplicate_of AS d
JOIN graph.artifact AS a ON a.id = d."start"
JOIN graph.artifact AS b ON b.id = d."end"
WHERE d."start" < d."end" AND d.score >= $min_score
ORDER BY d.score DESC, a.id, b.id
