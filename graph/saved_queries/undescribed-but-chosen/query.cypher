MATCH (a:Artifact) WHERE NOT a.catalogued AND a.times_matched >= $min_times
RETURN a.id AS artifact_id, a.times_matched AS times_matched, a.clients AS clients
ORDER BY times_matched DESC, artifact_id
