"""What the saved queries say of themselves, and values for their parameters."""

from datetime import UTC, datetime

import pytest

from graph.errors import UnknownName, WrongUse
from graph.saved_queries.catalogue import LANGUAGES, SavedQuery, saved_queries, saved_query

NOW_US = 1_790_000_000_000_000
QUERIES = saved_queries()


def test_there_are_as_many_as_promised():
    assert len(QUERIES) >= 15
    assert len({query.title for query in QUERIES}) == len(QUERIES)


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_every_parameter_has_a_default_and_stands_in_every_text(query: SavedQuery):
    values = query.values({}, NOW_US)
    assert None not in values.values()
    for language in LANGUAGES:
        for name in values:
            assert f"${name}" in query.text(language)
    assert query.description.endswith(".")


def test_values_are_brought_to_their_type():
    query = saved_query("rising-intents")
    assert query.values({}, NOW_US)["since"] == datetime.fromtimestamp(NOW_US / 1e6, UTC).replace(month=8, day=22)
    given = query.values({"since": "2026-01-31T01:00:00+01:00", "min_clients": 2}, NOW_US)
    assert given == {"since": datetime(2026, 1, 31, tzinfo=UTC), "min_clients": 2}
    assert saved_query("lost-duels").values({"min_share": 1}, NOW_US)["min_share"] == 1.0


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"min_clients": "many"}, "takes a value of type integer"),
        ({"min_clients": 1.5}, "takes a value of type integer"),
        ({"min_clients": True}, "takes a value of type integer"),
        ({"since": "yesterday"}, "such as 2026-01-31"),
        ({"since": None}, "such as 2026-01-31"),
        ({"until": 1}, "has no parameter until; it has since, min_clients"),
    ],
)
def test_values_that_do_not_fit_are_refused(given: dict[str, object], message: str):
    with pytest.raises(WrongUse, match=message):
        saved_query("rising-intents").values(given, NOW_US)


def test_an_unknown_query_or_language_is_said_with_the_nearest():
    with pytest.raises(UnknownName, match="rising-intents"):
        saved_query("rising-intent")
    with pytest.raises(UnknownName):
        saved_query("../saved_queries/lost-duels")
    with pytest.raises(WrongUse, match="Known: sql"):
        saved_query("lost-duels").text("gremlin")
