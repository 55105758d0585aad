from __future__ import annotations

from queries.ranking.one_place import heads

KNOWN = {"a": (0.8, 2), "b": (0.8, 5), "c": (0.9, 0), "d": (0.8, 5)}


def test_the_name_of_which_most_is_known_stands_for_all() -> None:
    assert heads([("a", "c"), ("b", "c")], KNOWN) == {"c": "c", "a": "c", "b": "c"}
    assert heads([("a", "b")], KNOWN) == {"b": "b", "a": "b"}  # as complete, and more clients
    assert heads([("b", "d")], KNOWN) == {"b": "b", "d": "b"}  # equal: the first id
    assert heads([], KNOWN) == {}


def test_a_chain_does_not_join_its_ends() -> None:
    """a is b and b is d, but nothing says that a is d."""
    assert heads([("a", "b"), ("a", "d")], KNOWN) == {"b": "b", "a": "b", "d": "d"}
