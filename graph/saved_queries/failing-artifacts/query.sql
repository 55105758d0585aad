SELECT id AS artifact_id, name AS artifact, successes, failures, failures::DOUBLE / (successes + failures) AS share
FROM graph.artifact
WHERE successes + failures > 0 AND successes + failures >= $min_outcomes AND share >= $min_share
ORDER BY share DESC, id
