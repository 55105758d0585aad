from api.http.prepared_search import PreparedSearch, prepare
from api.http.recent_answers import RecentAnswers
from queries.answers.hit_shapes import Hit, HitEvidence, SearchAnswer
from tests.api.http.serving import Client

EVIDENCE = HitEvidence([], [], 0, 0, "inferred")
HIT = Hit("a", "A", None, 1.0, 1.0, [], EVIDENCE, None, None, None, [])


def answer(hits: int) -> PreparedSearch:
    return prepare(SearchAnswer("q", [HIT] * hits, False, None, "prior", False, "s"))


def test_what_was_asked_longest_ago_is_dropped_when_the_answers_take_too_much_memory() -> None:
    recent = RecentAnswers(max_bytes=2 * answer(2).size + answer(3).size - 1)
    recent.put("one", answer(2))
    recent.put("two", answer(2))
    assert recent.get("one") is not None  # now "two" is the one asked longest ago
    recent.put("three", answer(3))
    assert recent.get("two") is None
    assert recent.get("one") is not None
    assert recent.get("three") is not None


def test_an_answer_put_twice_counts_once() -> None:
    recent = RecentAnswers(max_bytes=2 * answer(2).size)
    for _ in range(3):
        recent.put("one", answer(2))
    recent.put("two", answer(2))
    assert recent.get("one") is not None


def test_an_answer_without_hits_counts_too() -> None:
    recent = RecentAnswers(max_bytes=2 * answer(0).size)
    for question in ("one", "two", "three"):
        recent.put(question, answer(0))
    assert recent.get("one") is None


def test_a_repeated_search_has_the_same_hits_under_an_id_and_tokens_of_its_own(client: Client) -> None:
    first, again = (client.get("/v1/search", q="segment street scenes", limit=3).json for _ in range(2))
    assert first.pop("query_id") != again.pop("query_id")
    tokens = [[hit.pop("callback_token") for hit in found["hits"]] for found in (first, again)]
    assert not set(tokens[0]) & set(tokens[1])
    assert first == again
    narrowed = client.get("/v1/search", q="segment street scenes", limit=3, type="mcp").json
    assert [hit["type"] for hit in narrowed["hits"]] != [hit["type"] for hit in first["hits"]]
