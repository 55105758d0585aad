SELECT "start" AS artifact_id, "end" AS other_id, place, score
FROM graph.alternative_to AS a
WHERE place <= $max_place
  AND NOT EXISTS (FROM graph.alternative_to AS b WHERE b."start" = a."end" AND b."end" = a."start")
ORDER BY artifact_id, place, other_id
