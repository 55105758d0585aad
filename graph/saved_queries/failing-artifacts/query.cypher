MATCH (a:Artifact) WHERE a.successes + a.failures > 0 AND a.successes + a.failures >= $min_outcomes
WITH a, toFloat(a.failures) / (a.successes + a.failures) AS share
WHERE share >= $min_share
RETURN a.id AS artifact_id, a.name AS artifact, a.successes AS successes, a.failures AS failures, share
ORDER BY share DESC, artifact_id
