SELECT i.id AS intent_id, i.name AS intent, i.clients, i.searches,
       coalesce(sum(m.times_matched), 0) AS chosen, chosen::DOUBLE / i.searches AS share
FROM graph.intent AS i
LEFT JOIN (
    SELECT "start", times_matched FROM graph.matched_artifact WHERE kind = 'observed'
    UNION ALL SELECT "start", times_matched FROM graph.matched_capability WHERE kind = 'observed'
) AS m ON m."start" = i.id
WHERE i.clients >= $min_clients AND i.searches > 0
GROUP BY i.id, i.name, i.clients, i.searches
HAVING share <= $max_share
ORDER BY i.clients DESC, i.id
