MATCH (a:Artifact)-[c:COMPARED_WITH]->(r:Artifact)
WHERE c.clients >= $min_clients AND c.losses > c.wins
  AND 25 * (c.losses - c.wins) * (c.losses - c.wins) >= 96 * (c.losses + c.wins)
WITH a, collect([r.id, r.name, c.clients, c.wins, c.losses]) AS rivals
WHERE size(rivals) = 1
WITH a, rivals[0] AS r
RETURN a.id AS artifact_id, a.name AS artifact, r[0] AS rival_id, r[1] AS rival,
       r[2] AS clients, r[3] AS wins, r[4] AS losses
ORDER BY clients DESC, artifact_id
