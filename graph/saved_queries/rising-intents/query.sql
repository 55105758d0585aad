SELECT id AS intent_id, name AS intent, clients, searches, first_seen
FROM graph.intent
WHERE first_seen >= $since::TIMESTAMP AND clients >= $min_clients
ORDER BY clients DESC, id
