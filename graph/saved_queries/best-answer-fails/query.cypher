MATCH (i:Intent)-[m:MATCHED {kind: 'observed'}]->(x)
WITH i, coalesce(x.artifact_id, x.id) AS artifact_id, sum(m.times_matched) AS chosen,
     sum(m.successes) AS successes, sum(m.failures) AS failures
WITH i, max(chosen) AS most, collect([artifact_id, chosen, successes, failures]) AS answers
UNWIND answers AS answer
WITH i, most, answer[0] AS artifact_id, answer[1] AS chosen, answer[2] AS successes, answer[3] AS failures
WHERE chosen = most AND chosen > 0 AND successes + failures > 0 AND successes + failures >= $min_outcomes
WITH i, artifact_id, chosen, successes, failures, toFloat(failures) / (successes + failures) AS share
WHERE share >= $min_share
RETURN i.id AS intent_id, i.name AS intent, artifact_id, chosen, successes, failures, share
ORDER BY failures DESC, intent_id, artifact_id
