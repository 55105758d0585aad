from __future__ import annotations

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.alternatives.concepts import concept_aliases, concepts, display_name
from tests.queries.tables import Row, capability, table

NAMES = pa.schema([(name, pa.string()) for name in ("capability_id", "name", "uri")] + [pa.field("since", pa.int64())])


def pair(a: str, b: str, similarity: float = 0.8) -> Row:
    first, second = sorted((a, b))
    return {
        "capability_a": first,
        "capability_b": second,
        "artifact_a": first.split("/")[0],
        "artifact_b": second.split("/")[0],
        "similarity": similarity,
    }


def cap(key: str, name: str = "read file", uri: str | None = None) -> Row:
    return capability(key.split("/")[0], name, capability_id=key, uri=uri)


def found(capabilities: list[Row], pairs: list[Row]) -> dict[str, list[str]]:
    rows = concepts(table("capabilities", capabilities), table("capability_pairs", pairs)).to_pylist()
    groups: dict[str, list[str]] = {}
    for row in rows:
        groups.setdefault(row["concept_uri"], []).append(row["capability_id"])
    return groups


def test_two_artifacts_with_one_capability_share_a_concept() -> None:
    rows = [cap("a/1", "Read-File"), cap("b/1", "read file")]
    table_ = concepts(table("capabilities", rows), table("capability_pairs", [pair("a/1", "b/1")]))
    assert table_.to_pylist() == [
        {"concept_uri": "capability://read-file", "label": "read file", "capability_id": "a/1", "artifact_id": "a",
         "similarity": 1.0},
        {"concept_uri": "capability://read-file", "label": "read file", "capability_id": "b/1", "artifact_id": "b",
         "similarity": 0.8},
    ]  # fmt: skip


def test_a_chain_does_not_join_its_ends() -> None:
    """a-b-c-d in a row: b takes its neighbours a and c, and d stays alone, for it is unlike b."""
    rows = [cap(f"{letter}/1") for letter in "abcd"]
    chain = [pair("a/1", "b/1"), pair("b/1", "c/1"), pair("c/1", "d/1")]
    assert found(rows, chain) == {"capability://read-file": ["a/1", "b/1", "c/1"]}


def test_a_concept_needs_two_artifacts() -> None:
    assert found([cap("a/1"), cap("a/2")], [pair("a/1", "a/2")]) == {}


def test_a_stated_uri_wins_and_draws_its_likes() -> None:
    rows = [
        cap("a/1", uri="capability://files.read"),
        cap("b/1"),
        cap("c/1", "something else", "capability://files.read"),
    ]
    assert found(rows, [pair("a/1", "b/1")]) == {"capability://files.read": ["a/1", "b/1", "c/1"]}


def test_different_concepts_of_one_label_have_different_uris() -> None:
    rows = [cap("a/1"), cap("b/1"), cap("c/1"), cap("d/1")]
    groups = found(rows, [pair("a/1", "b/1"), pair("c/1", "d/1")])
    assert sorted(groups.values()) == [["a/1", "b/1"], ["c/1", "d/1"]]
    assert all(uri.startswith("capability://read-file") for uri in groups)


def test_a_name_without_letters_still_has_a_uri() -> None:
    groups = found([cap("a/1", "..."), cap("b/1", "...")], [pair("a/1", "b/1")])
    (uri,) = groups
    assert len(uri) > len("capability://")


def test_display_name_keeps_a_name_that_is_only_the_brand() -> None:
    assert display_name("fetch", "mcp:fetch") == "fetch"
    assert display_name(None, "x") == ""


def test_no_capabilities_no_concepts() -> None:
    assert found([], []) == {}


def named(*borne: tuple[str, str, int]) -> pa.Table:
    """Return what capabilities were called: (capability, name, since)."""
    rows = [dict(zip(("capability_id", "name", "since"), each, strict=True), uri=None) for each in borne]
    return pa.Table.from_pylist(rows, schema=NAMES)


def test_a_uri_outlives_new_names_and_new_members_and_each_name_leads_to_it() -> None:
    first = named(("a/1", "read file", 1), ("b/1", "read file", 1))
    renamed = named(
        ("a/1", "read file", 1), ("a/1", "open document", 5), ("b/1", "read file", 1), ("b/1", "open document", 6),
        ("c/1", "open document", 7), ("d/1", "load", 7),
    )  # fmt: skip
    before = table("capabilities", [cap("a/1"), cap("b/1")])
    after = table("capabilities", [*(cap(f"{letter}/1", "open document") for letter in "abc"), cap("d/1", "load")])
    pairs = table("capability_pairs", [pair("a/1", "b/1"), pair("a/1", "c/1"), pair("a/1", "d/1")])
    (uri,) = set(concepts(before, pairs, first)["concept_uri"].to_pylist())
    found = concepts(after, pairs, renamed)
    assert set(found["concept_uri"].to_pylist()) == {uri} == {"capability://read-file"}
    assert set(found["label"].to_pylist()) == {"open document"}
    assert concept_aliases(found, renamed).to_pylist() == [
        {"alias_uri": "capability://load", "concept_uri": uri},
        {"alias_uri": "capability://open-document", "concept_uri": uri},
    ]


def test_of_two_concepts_of_one_name_the_older_keeps_it_and_no_alias_hides_a_concept() -> None:
    rows = table("capabilities", [cap(f"{letter}/1") for letter in "abcd"])
    pairs = table("capability_pairs", [pair("a/1", "b/1"), pair("c/1", "d/1")])
    names = named(*((f"{letter}/1", "read file", since) for letter, since in zip("abcd", (5, 6, 1, 9), strict=True)))
    found = concepts(rows, pairs, names)
    uri = dict(zip(found["capability_id"].to_pylist(), found["concept_uri"].to_pylist(), strict=True))
    assert uri["c/1"] == "capability://read-file"
    assert uri["a/1"].startswith("capability://read-file-")
    assert concept_aliases(found, names).num_rows == 0


keys = st.sampled_from([f"{letter}/{number}" for letter in "abcd" for number in "12"])


@settings(max_examples=60)
@given(st.sets(st.tuples(keys, keys).filter(lambda ends: ends[0][0] < ends[1][0])), st.randoms())
def test_every_capability_is_in_one_concept_and_like_its_leader(ends, random) -> None:  # type: ignore[no-untyped-def]
    rows = [cap(f"{letter}/{number}") for letter in "abcd" for number in "12"]
    pairs = [pair(*each) for each in sorted(ends)]
    groups = found(rows, pairs)
    members = [member for group in groups.values() for member in group]
    assert len(members) == len(set(members))
    linked = {frozenset(each) for each in ends}
    for group in groups.values():
        assert any(all(one == other or frozenset((one, other)) in linked for other in group) for one in group)
    random.shuffle(rows)
    random.shuffle(pairs)
    assert found(rows, pairs) == groups
