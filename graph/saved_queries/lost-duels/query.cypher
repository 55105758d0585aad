MATCH (a:Artifact)-[c:COMPARED_WITH]->(r:Artifact) WHERE c.clients >= $min_clients AND c.wins + c.losses > 0
WITH a, r, c, toFloat(c.losses) / (c.wins + c.losses) AS share
WHERE share >= $min_share
RETURN a.id AS artifact_id, r.id AS rival_id, c.clients AS clients, c.wins AS wins, c.losses AS losses, share
ORDER BY losses DESC, artifact_id, rival_id
