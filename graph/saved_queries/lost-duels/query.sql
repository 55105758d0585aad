SELECT "start" AS artifact_id, "end" AS rival_id, clients, wins, losses, losses::DOUBLE / (wins + losses) AS share
FROM graph.compared_with
WHERE clients >= $min_clients AND wins + losses > 0 AND share >= $min_share
ORDER BY losses DESC, artifact_id, rival_id
