MATCH (i:Intent)-[m:MATCHED {kind: 'observed'}]->(c:Capability) WHERE m.times_matched > 0
WITH c, collect(DISTINCT i) AS needs
WHERE size(needs) >= $min_intents
UNWIND needs AS i
OPTIONAL MATCH (i)-[m:MATCHED {kind: 'observed'}]->(o:Capability)
WHERE m.times_matched > 0 AND o.artifact_id <> c.artifact_id
WITH c, needs, count(DISTINCT o.artifact_id) AS rivals
RETURN c.id AS capability_id, c.name AS capability, c.artifact_id AS artifact_id, size(needs) AS intents, rivals
ORDER BY intents DESC, rivals DESC, capability_id
