MATCH (a:Artifact)-[r:ALTERNATIVE_TO]->(b:Artifact)
WHERE r.place <= $max_place AND NOT EXISTS { (b)-[:ALTERNATIVE_TO]->(a) }
RETURN a.id AS artifact_id, b.id AS other_id, r.place AS place, r.score AS score
ORDER BY artifact_id, place, other_id
