from __future__ import annotations

from queries.ranking.one_place import heads

KNOWN = {"a": (2, 0.8), "b": (5, 0.8), "c": (0, 0.9), "d": (5, 0.8), "e": (0, 0.4)}


def test_the_name_that_most_clients_chose_stands_for_all() -> None:
    assert heads([("a", "b")], KNOWN) == {"b": "b", "a": "b"}
    assert heads([("c", "e")], KNOWN) == {"c": "c", "e": "c"}  # chosen by nobody: the more complete
    assert heads([("b", "d")], KNOWN) == {"b": "b", "d": "b"}  # equal: the first id
    assert heads([], KNOWN) == {}


def test_a_copy_that_states_more_of_itself_takes_no_place() -> None:
    assert heads([("a", "c"), ("b", "c")], KNOWN) == {"b": "b", "c": "b", "a": "a"}


def test_a_chain_does_not_join_its_ends() -> None:
    """a is b and b is d, but nothing says that a is d."""
    assert heads([("a", "b"), ("a", "d")], KNOWN) == {"b": "b", "a": "b", "d": "d"}
