MATCH (i:Intent)-[m:MATCHED {kind: 'observed'}]->(c:Capability) WHERE m.times_matched > 0
WITH i, collect(DISTINCT c) AS capabilities, collect(DISTINCT c.artifact_id) AS artifacts
WITH collect({capabilities: capabilities, artifacts: artifacts}) AS chosen
CALL (chosen) {
  UNWIND range(0, size(chosen) - 1) AS need
  UNWIND chosen[need].capabilities AS c
  WITH c, collect(need) AS needs WHERE size(needs) >= $min_intents
  RETURN c, needs
}
CALL (chosen, needs) {
  UNWIND needs AS need
  UNWIND chosen[need].artifacts AS artifact_id
  RETURN count(DISTINCT artifact_id) - 1 AS rivals
}
RETURN c.id AS capability_id, c.name AS capability, c.artifact_id AS artifact_id, size(needs) AS intents, rivals
ORDER BY intents DESC, rivals DESC, capability_id
