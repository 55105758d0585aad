MATCH (s:Source)
OPTIONAL MATCH (a:Artifact)-[:DESCRIBED_IN]->(s)
WITH s, count(CASE WHEN a.times_matched > 0 THEN 1 END) AS chosen_artifacts, sum(a.times_matched) AS times_matched
RETURN s.id AS source, s.artifacts AS artifacts, s.capabilities AS capabilities, chosen_artifacts, times_matched
ORDER BY times_matched DESC, source
