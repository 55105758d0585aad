WITH answer AS (
    SELECT "start" AS intent_id, "end" AS artifact_id, times_matched, successes, failures
    FROM graph.matched_artifact WHERE kind = 'observed'
    UNION ALL
    SELECT m."start", c.artifact_id, m.times_matched, m.successes, m.failures
    FROM graph.matched_capability AS m JOIN graph.capability AS c ON c.id = m."end" WHERE m.kind = 'observed'
), best AS (
    SELECT intent_id, artifact_id, sum(times_matched) AS chosen,
           coalesce(sum(successes), 0) AS successes, coalesce(sum(failures), 0) AS failures
    FROM answer GROUP BY intent_id, artifact_id
    QUALIFY chosen = max(chosen) OVER (PARTITION BY intent_id)
)
SELECT b.intent_id, i.name AS intent, b.artifact_id, b.chosen, b.successes, b.failures,
       b.failures::DOUBLE / (b.successes + b.failures) AS share
FROM best AS b JOIN graph.intent AS i ON i.id = b.intent_id
WHERE b.chosen > 0 AND b.successes + b.failures > 0 AND b.successes + b.failures >= $min_outcomes
  AND share >= $min_share
ORDER BY b.failures DESC, b.intent_id, b.artifact_id
