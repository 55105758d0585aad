SELECT id AS artifact_id, times_matched, clients
FROM graph.artifact
WHERE NOT catalogued AND times_matched >= $min_times
ORDER BY times_matched DESC, id
