SELECT id AS artifact_id, name, human_times_matched, agent_times_matched, human_strength, agent_strength,
       agent_strength - human_strength AS difference,
       human_success_rate, agent_success_rate,
       CASE WHEN agent_strength_low > human_strength_high OR human_strength_low > agent_strength_high
            THEN 1 ELSE 0 END AS apart
FROM graph.artifact
WHERE human_clients >= $min_clients AND agent_clients >= $min_clients
  AND human_strength IS NOT NULL AND agent_strength IS NOT NULL
ORDER BY abs(agent_strength - human_strength) DESC, id
