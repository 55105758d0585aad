SELECT s.id AS source, s.artifacts, s.capabilities,
       count(*) FILTER (a.times_matched > 0) AS chosen_artifacts, coalesce(sum(a.times_matched), 0) AS times_matched
FROM graph.source AS s
LEFT JOIN graph.artifact_described_in AS d ON d."end" = s.id
LEFT JOIN graph.artifact AS a ON a.id = d."start"
GROUP BY s.id, s.artifacts, s.capabilities
ORDER BY times_matched DESC, s.id
