MATCH (a:Artifact) WHERE a.updated_at < $before AND a.times_matched >= $min_times
RETURN a.id AS artifact_id, a.name AS artifact, a.updated_at AS updated_at,
       a.last_seen AS last_seen, a.times_matched AS times_matched
ORDER BY times_matched DESC, artifact_id
