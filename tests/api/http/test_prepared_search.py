from datetime import UTC, datetime
from pathlib import Path

import msgspec

from api.feedback.recording import Feedback
from api.feedback.serving import Audience, ServedSearch
from api.http.prepared_search import prepare, served_json
from graph.home import Home
from queries.answers.hit_shapes import CapabilityHit, Hit, HitEvidence, SearchAnswer

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def hit(name: str) -> Hit:
    capabilities = [CapabilityHit(f"{name}/1", "it can", 0.5)]
    return Hit(name, name, "model", 1.5, 0.25, capabilities, HitEvidence(["a"], ["b"], 3, 2, "observed"), None, "MIT",
               None, [])  # fmt: skip


def served(home: Path, answer: SearchAnswer) -> bytes:
    feedback = Feedback(Home(home), 1)
    try:
        return served_json(feedback, prepare(answer), Audience("client", "agent", NOW))
    finally:
        feedback.spool.close()
        feedback.spool.release()


def test_what_goes_out_is_the_answer_with_an_id_and_a_token_for_each_hit(tmp_path: Path) -> None:
    answer = SearchAnswer("q", [hit("one"), hit("two")], False, "Read a as b.", "prior", True, "20261101-a")
    found = msgspec.json.decode(served(tmp_path, answer), type=ServedSearch)
    assert found.query_id.startswith("q_")
    assert len({each.callback_token for each in found.hits}) == 2
    assert msgspec.convert(msgspec.to_builtins(found), SearchAnswer) == answer
    assert prepare(answer).answer() == answer
    assert list(msgspec.json.decode(served(tmp_path, answer))) == list(ServedSearch.__struct_fields__)


def test_an_answer_without_hits_and_one_with_hidden_characters_go_out_too(tmp_path: Path) -> None:
    nothing = SearchAnswer("q", [], True, None, "prior", False, "s")
    assert msgspec.json.decode(served(tmp_path, nothing))["hits"] == []
    odd = SearchAnswer("a\u202eb\x7f", [hit("é\x00\u200b")], True, None, "prior", False, "s")
    text = served(tmp_path, odd).decode()
    assert "a\\u202eb\\u007f" in text
    assert prepare(odd).answer() == odd
