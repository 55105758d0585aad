MATCH (a:Artifact)
WHERE a.human_clients >= $min_clients AND a.agent_clients >= $min_clients
  AND a.human_strength IS NOT NULL AND a.agent_strength IS NOT NULL
RETURN a.id AS artifact_id, a.name AS name, a.human_times_matched AS human_times_matched,
       a.agent_times_matched AS agent_times_matched, a.human_strength AS human_strength,
       a.agent_strength AS agent_strength, a.agent_strength - a.human_strength AS difference,
       a.human_success_rate AS human_success_rate, a.agent_success_rate AS agent_success_rate,
       CASE WHEN a.agent_strength_low > a.human_strength_high OR a.human_strength_low > a.agent_strength_high
            THEN 1 ELSE 0 END AS apart
ORDER BY abs(a.agent_strength - a.human_strength) DESC, artifact_id
