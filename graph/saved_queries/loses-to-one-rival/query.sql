SELECT a.id AS artifact_id, a.name AS artifact, r.id AS rival_id, r.name AS rival, c.clients, c.wins, c.losses
FROM graph.compared_with AS c
JOIN graph.artifact AS a ON a.id = c."start"
JOIN graph.artifact AS r ON r.id = c."end"
WHERE c.clients >= $min_clients AND c.losses > c.wins
  AND 25 * (c.losses - c.wins) * (c.losses - c.wins) >= 96 * (c.losses + c.wins)
QUALIFY count(*) OVER (PARTITION BY a.id) = 1
ORDER BY c.clients DESC, a.id
