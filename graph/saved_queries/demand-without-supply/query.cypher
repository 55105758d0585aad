MATCH (i:Intent) WHERE i.clients >= $min_clients AND i.searches > 0
OPTIONAL MATCH (i)-[m:MATCHED {kind: 'observed'}]->()
WITH i, sum(m.times_matched) AS chosen
WITH i, chosen, toFloat(chosen) / i.searches AS share
WHERE share <= $max_share
RETURN i.id AS intent_id, i.name AS intent, i.clients AS clients, i.searches AS searches, chosen, share
ORDER BY clients DESC, intent_id
