SELECT id AS artifact_id, name AS artifact, updated_at, last_seen, times_matched
FROM graph.artifact
WHERE updated_at < $before::TIMESTAMP AND times_matched >= $min_times
ORDER BY times_matched DESC, id
