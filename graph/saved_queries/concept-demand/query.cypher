MATCH (c:Capability)-[:INSTANCE_OF]->(k:Concept) WHERE k.artifacts >= $min_artifacts
WITH k, sum(c.times_matched) AS times_matched
RETURN k.id AS concept_uri, k.name AS concept, k.artifacts AS artifacts, times_matched,
       toFloat(times_matched) / k.artifacts AS per_artifact
ORDER BY per_artifact DESC, concept_uri
