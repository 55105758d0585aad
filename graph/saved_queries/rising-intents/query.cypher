MATCH (i:Intent) WHERE i.first_seen >= $since AND i.clients >= $min_clients
RETURN i.id AS intent_id, i.name AS intent, i.clients AS clients, i.searches AS searches, i.first_seen AS first_seen
ORDER BY clients DESC, intent_id
