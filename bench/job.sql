-- The tables that the recompute job counts, in SQL as one would write it for DuckDB by hand: the yardstick of bench.job.
-- Given: views searches and events (the ledger), tables intent_of (text_key, intent_key) and owner_of (object_key,
-- artifact: a number). Not done here: spelling and intents, click models, success rates, engines other than DuckDB,
-- keeping counts from run to run, events whose search nobody recorded.

CREATE TABLE repeated AS
SELECT search_key FROM searches GROUP BY search_key HAVING count(*) > 1;

CREATE TABLE asked AS
SELECT search_key, intent_key, ts_us, shown, network_key, coalesce(actor, 'human') = 'agent' AS agent,
       coalesce(client_key, session_key, 0) AS client, coalesce(session_key, search_key) AS unit,
       ts_us // 86400000000 AS day, ts_us // (90 * 86400000000) AS period
FROM searches JOIN intent_of USING (text_key)
WHERE coalesce(actor, 'human') <> 'bot' AND ts_us <= getvariable('now_us') AND coalesce(query_norm, '') <> ''
  AND search_key NOT IN (SELECT search_key FROM repeated);

-- Of a client's searches for one intent the first of a day; of these two in a period; of these sixty in all, of which
-- four teach.
CREATE TABLE counting AS
WITH firsts AS (
    SELECT client, intent_key, day, min(period) AS period, min(ts_us) AS asked_us, arg_min(search_key, ts_us) AS search_key
    FROM asked GROUP BY client, intent_key, day
), by_intent AS (
    SELECT * FROM firsts
    QUALIFY row_number() OVER (PARTITION BY client, intent_key, period ORDER BY asked_us, search_key) <= 2
)
SELECT search_key, row_number() OVER (PARTITION BY client, period ORDER BY asked_us, search_key) AS place FROM by_intent
QUALIFY place <= 60;

CREATE TABLE chosen AS
SELECT search_key, object_key, intent_key, client, unit, day, agent, first_us, last_us
FROM (SELECT search_key, object_key, min(ts_us) AS first_us, max(ts_us) AS last_us FROM events
      WHERE action IN ('click', 'success') AND coalesce(actor, 'human') <> 'bot' AND ts_us <= getvariable('now_us')
      GROUP BY search_key, object_key)
JOIN asked USING (search_key);

CREATE TABLE hits AS
SELECT s.search_key, s.intent_key, s.client, s.period, s.ts_us, s.agent, s.hit.object_key AS object_key,
       s.hit.position AS position, s.counts AS counts, s.teaches AS teaches, c.search_key IS NOT NULL AS picked
FROM (SELECT asked.*, unnest(shown) AS hit, place IS NOT NULL AS counts, coalesce(place <= 4, false) AS teaches
      FROM asked LEFT JOIN counting USING (search_key)) AS s
LEFT JOIN chosen AS c ON c.search_key = s.search_key AND c.object_key = s.hit.object_key;

CREATE TABLE exposures AS
SELECT intent_key, object_key, position, period, count(*) AS impressions, count(*) FILTER (picked) AS clicks,
       count(*) FILTER (counts) AS asked_impressions, count(*) FILTER (counts AND picked) AS asked_clicks,
       count(*) FILTER (teaches) AS taught_impressions, count(*) FILTER (teaches AND picked) AS taught_clicks,
       count(*) FILTER (counts AND agent) AS agent_impressions,
       count(*) FILTER (counts AND agent AND picked) AS agent_clicks,
       count(*) FILTER (teaches AND agent) AS agent_taught_impressions,
       count(*) FILTER (teaches AND agent AND picked) AS agent_taught_clicks,
       min(ts_us) AS first_us, max(ts_us) AS last_us
FROM hits GROUP BY intent_key, object_key, position, period;

CREATE TABLE edges AS
WITH matched AS (
    SELECT intent_key, object_key, count(*) AS times_matched, count(DISTINCT client) AS clients,
           count(*) FILTER (agent) AS agent_times_matched, count(DISTINCT client) FILTER (agent) AS agent_clients,
           sum(clicks) AS clicks, min(first_us) AS first_us, max(last_us) AS last_us
    FROM (SELECT intent_key, object_key, client, day, count(*) AS clicks, bool_or(agent) AS agent,
                 min(first_us) AS first_us, max(last_us) AS last_us
          FROM chosen GROUP BY ALL) GROUP BY intent_key, object_key
), seen AS (
    SELECT intent_key, object_key, sum(impressions) AS impressions, min(first_us) AS first_us, max(last_us) AS last_us
    FROM exposures GROUP BY intent_key, object_key
)
SELECT intent_key, object_key, coalesce(impressions, 0) AS impressions, coalesce(clicks, 0) AS clicks,
       coalesce(times_matched, 0) AS times_matched, coalesce(clients, 0) AS clients,
       coalesce(agent_times_matched, 0) AS agent_times_matched, coalesce(agent_clients, 0) AS agent_clients,
       least(m.first_us, s.first_us) AS first_us, greatest(m.last_us, s.last_us) AS last_us
FROM matched AS m FULL JOIN seen AS s USING (intent_key, object_key);

CREATE TABLE evidence AS
WITH owned AS (
    SELECT artifact, client, day, intent_key, bool_or(agent) AS agent FROM chosen JOIN owner_of USING (object_key)
    GROUP BY artifact, client, day, intent_key
), matched AS (
    SELECT artifact, count(*) AS times_matched, count(DISTINCT client) AS clients, count(DISTINCT intent_key) AS intents,
           count(*) FILTER (agent) AS agent_times_matched, count(DISTINCT client) FILTER (agent) AS agent_clients
    FROM owned GROUP BY artifact
), seen AS (
    SELECT artifact, sum(impressions) AS impressions, sum(clicks) AS clicks
    FROM edges JOIN owner_of USING (object_key) GROUP BY artifact
)
SELECT artifact, impressions, clicks, coalesce(times_matched, 0) AS times_matched, coalesce(clients, 0) AS clients,
       coalesce(intents, 0) AS intents, coalesce(agent_times_matched, 0) AS agent_times_matched,
       coalesce(agent_clients, 0) AS agent_clients
FROM seen LEFT JOIN matched USING (artifact);

CREATE TABLE intents AS
SELECT intent_key, count(*) AS searches, count(DISTINCT client) AS clients, min(ts_us) AS first_us, max(ts_us) AS last_us
FROM asked GROUP BY intent_key;

CREATE TABLE together AS
WITH once AS (SELECT unit, artifact, min(client) AS client FROM chosen JOIN owner_of USING (object_key) GROUP BY ALL),
sizes AS (SELECT unit, min(client) AS by_client FROM once GROUP BY unit HAVING count(*) BETWEEN 2 AND 50),
members AS (SELECT unit, artifact, by_client FROM once JOIN sizes USING (unit))
SELECT artifact, other, sum(sessions) AS sessions, count(*) AS clients
FROM (SELECT a.artifact, b.artifact AS other, a.by_client, count(*) AS sessions
      FROM members AS a JOIN members AS b ON a.unit = b.unit AND a.artifact < b.artifact GROUP BY ALL)
GROUP BY artifact, other;

CREATE TABLE duels AS
WITH faced AS (
    SELECT search_key, artifact, min(client) AS client, min(intent_key) AS intent_key, min(position) AS position,
           bool_or(picked) AS picked
    FROM hits JOIN owner_of USING (object_key)
    WHERE counts AND position > 0 AND search_key IN (SELECT search_key FROM chosen)
    GROUP BY search_key, artifact
)
SELECT a.client, a.intent_key, a.artifact AS a, b.artifact AS b, a.position < b.position AS above,
       CASE WHEN a.picked AND b.picked THEN 2 WHEN a.picked THEN 0 ELSE 1 END AS won
FROM faced AS a JOIN faced AS b ON a.search_key = b.search_key AND a.artifact < b.artifact AND (a.picked OR b.picked);

-- A client's duels of a pair are added up first: for_a and for_b count clients, the products serve for a variance.
CREATE TABLE head_to_head AS
WITH met AS (
    SELECT a, b, intent_key, client,
           count(*) FILTER (above AND won = 0) AS a_above_a, count(*) FILTER (above AND won = 1) AS a_above_b,
           count(*) FILTER (above AND won = 2) AS a_above_ties, count(*) FILTER (NOT above AND won = 0) AS b_above_a,
           count(*) FILTER (NOT above AND won = 1) AS b_above_b, count(*) FILTER (NOT above AND won = 2) AS b_above_ties
    FROM duels GROUP BY GROUPING SETS ((a, b, client), (a, b, intent_key, client))
), scored AS (
    SELECT *, 2 * (a_above_a + b_above_a) + a_above_ties + b_above_ties AS points,
           a_above_ties + b_above_ties AS ties, a_above_a + a_above_b + a_above_ties AS a_above,
           b_above_a + b_above_b + b_above_ties AS b_above
    FROM met
)
SELECT a, b, intent_key, count(*) AS clients, count(*) FILTER (points > a_above + b_above) AS for_a,
       count(*) FILTER (points < a_above + b_above) AS for_b, sum(a_above_a) AS a_above_a, sum(a_above_b) AS a_above_b,
       sum(a_above_ties) AS a_above_ties, sum(b_above_a) AS b_above_a, sum(b_above_b) AS b_above_b,
       sum(b_above_ties) AS b_above_ties, sum(points * points) AS points_points, sum(points * ties) AS points_ties,
       sum(points * a_above) AS points_a_above, sum(points * b_above) AS points_b_above, sum(ties * ties) AS ties_ties,
       sum(ties * a_above) AS ties_a_above, sum(ties * b_above) AS ties_b_above,
       sum(a_above * a_above) AS a_above_a_above, sum(a_above * b_above) AS a_above_b_above,
       sum(b_above * b_above) AS b_above_b_above
FROM scored GROUP BY a, b, intent_key HAVING count(*) >= CASE WHEN intent_key IS NULL THEN 2 ELSE 5 END;
