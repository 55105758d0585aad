SELECT k.id AS concept_uri, k.name AS concept, k.artifacts, coalesce(sum(c.times_matched), 0) AS times_matched,
       coalesce(sum(c.times_matched), 0)::DOUBLE / k.artifacts AS per_artifact
FROM graph.concept AS k
JOIN graph.instance_of AS o ON o."end" = k.id
JOIN graph.capability AS c ON c.id = o."start"
WHERE k.artifacts >= $min_artifacts
GROUP BY k.id, k.name, k.artifacts
ORDER BY per_artifact DESC, k.id
