"""What the numbers in explanations mean: formulas of ranks, places and similarities, and what is counted."""

from __future__ import annotations

from typing import Final

from queries.ranking.parts import adoption, ecosystem, freshness, match_graph, quality
from queries.ranking.places import ENOUGH_KNOWN
from queries.text.capability_similarity import NAMES_DIFFER, SAME_CAPABILITY

PART_FORMULAS: Final = {
    "adoption": adoption.FORMULA,
    "quality": quality.FORMULA,
    "ecosystem": ecosystem.FORMULA,
    "match_graph": match_graph.FORMULA,
    "freshness": freshness.FORMULA,
}

RANK_FORMULA: Final = (
    "sum of the contributions; contribution = 100 * weight * value rounded to 2 decimals, weight = weight of the "
    "type * presence / completeness, completeness = sum of weight of the type * presence over the known parts, "
    "presence 1 but for the match graph"
)
INTERVAL_FORMULA: Final = (
    "central 95 % of draws of 100 * sum of (weight of the type * value) over all parts, and the rank itself; a known "
    "part is drawn from a normal distribution with its range as 95 %, an unknown one from the values it has in other "
    "artifacts"
)
PLACE_RULE: Final = (
    f"by the lower end of the interval; artifacts with less than {100 * ENOUGH_KNOWN:.0f} % of the weight known after "
    "all others; range: 95 % of the places in independent draws, and the place itself; names of one thing share the "
    "place of the one that most clients chose"
)
NAMES_RULE: Final = (
    "the log counted once more, for choices of any of the names: a client, and a client's need on a day, counts once, "
    "whichever name was chosen; strength and success rate are those of a catalogue with one entry for the thing; of "
    "these counts, and of what other makers say of any name, are the parts match graph and ecosystem of each name"
)
SIMILARITY_FORMULA: Final = (
    "factor * (by names + by texts), by names = sqrt(n_a n_b) * cosine of the names, by texts = sqrt((1 - n_a) "
    "(1 - n_b)) * cosine of what they do, TF-IDF over stemmed words, n the weight of the name (0.6; 0.4 for one word), "
    f"factor {NAMES_DIFFER} where the names differ by what the other nowhere says, else 1; the same capability from "
    f"{SAME_CAPABILITY} on, or where a person said so (concept_review.csv); pairs by optimal assignment"
)
COUNT_MEANINGS: Final = {
    "times_matched": "distinct (client, UTC day, intent) for which it was chosen; not decayed",
    "clients": "distinct clients that chose it; searches without client and session count as one client a day",
    "agent_times_matched": "times matched that were an agent's; the others were people's",
    "agent_clients": "clients that were an agent at least once",
    "intents": "distinct intents for which it was chosen",
    "impressions": "searches that showed it, each once",
    "clicks": "searches in which it was chosen (click, success or positive feedback), each once",
    "successes": "chosen and worked: human label before majority of LLM judges before callback",
    "failures": "chosen and did not work, judged in the same order",
    "success_rate": "posterior mean of the rate that people would report; sources weighed by their reliability "
    "(outcome_sources), old periods less, a client's first few uses of a thing only",
    "success_low": "lower end of its 95 % interval",
    "success_high": "upper end of its 95 % interval",
    "success_n": "outcomes that count for the rate, old periods weighing less",
    "strength": "posterior mean of the probability of being chosen under equal exposure, corrected for position",
    "strength_low": "lower end of its 95 % interval",
    "strength_high": "upper end of its 95 % interval",
    "effective_n": "how many certain looks would say as much about strength; older periods weigh less",
    "confidence": "of inferred edges: calibrated probability that the match of texts is right",
    "first_seen": "first time it was shown or chosen",
    "last_seen": "last time it was shown or chosen",
}
