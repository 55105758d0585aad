"""What replaces people's names, ids and addresses."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.border.personal_data import Pseudonyms, client_key_of, network_keys

SECRET = b"s" * 32
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["ip", "user", "a", "token"]), inner),
    max_leaves=8,
)


def masked(value: Any, **options: Any) -> Any:
    return Pseudonyms(SECRET, **options).masked(value)


def network(record: dict[str, Any]) -> int | None:
    text = json.dumps(masked(record), separators=(",", ":"))
    found: int | None = network_keys(pa.array([text], pa.string()))[0].as_py()
    return found


@pytest.mark.parametrize(
    "name", ["client_id", "userId", "session-id", "User", "email", "IP", "ipAddress", "X-Forwarded-For", "api_key"]
)
def test_personal_fields_are_replaced_however_they_are_written(name: str) -> None:
    found = masked({"attributes": {name: "jane"}})
    assert "jane" not in json.dumps(found)
    assert set(found["attributes"]) == {name}


def test_what_a_personal_field_holds_keeps_its_form() -> None:
    found = masked({"user": {"id": 7, "names": ["jane", None], "active": True}})["user"]
    assert (found["names"][1], found["active"], len(found["names"])) == (None, True, 2)
    assert "jane" not in json.dumps(found)


def test_other_fields_stay_but_for_personal_data_in_their_texts() -> None:
    assert masked({"n": 3, "note": "ask jane@example.org"}) == {"n": 3, "note": "ask [email]"}


@given(VALUES)
def test_what_was_replaced_stays_when_it_is_restored(value: Any) -> None:
    once = masked({"value": value})
    assert masked(once, restores=True) == once


def test_a_text_that_looks_replaced_is_replaced_unless_it_comes_from_the_quarantine() -> None:
    marked = {"user_id": "hashed-client:0123456789abcdef"}
    assert masked(marked) != marked
    assert Pseudonyms(SECRET, restores=True).clients.key(marked["user_id"]) == 0x0123456789ABCDEF


def test_addresses_of_one_network_have_its_key_and_two_pseudonyms() -> None:
    one, two = {"query_attributes": {"client_ip": "8.8.4.4"}}, {"ip": "8.8.4.5"}
    assert network(one) == network(two) is not None
    assert masked({"ip": "8.8.4.4"}) != masked({"ip": "8.8.4.5"})
    assert network({"ip": "8.8.5.4"}) not in (None, network(one))
    assert Pseudonyms(b"t" * 32).masked(one) != masked(one)


@pytest.mark.parametrize("record", [{"ip": "10.0.0.1"}, {"ip": ""}, {"n": 1}, {"text": '"ip":"8.8.4.4"'}])
def test_rows_without_an_address_of_the_internet_have_no_network(record: dict[str, Any]) -> None:
    assert network(record) is None


def test_no_other_field_passes_for_an_address() -> None:
    mark = masked({"ip": "8.8.4.4"})["ip"]
    assert network({"note": mark}) is None
    assert network({"note": f'"ip":"{mark}"'}) is None


def test_the_client_of_a_masked_row() -> None:
    assert client_key_of(masked({"client_id": "jane"})) == Pseudonyms(SECRET).clients.key("jane")
    assert client_key_of(masked({"client_id": ["jane"]})) is None
    assert client_key_of({}) is None


@pytest.mark.parametrize(
    "text", ['{"client_id": "jane", "a"', '{"client_id": "jane', '{"a": 1, "user_id": 4711, "b"', '{"ip": "8.8.4.4" x']
)
def test_broken_json_keeps_no_personal_fields(text: str) -> None:
    found = Pseudonyms(SECRET).masked_text(text)
    assert not any(value in found for value in ("jane", "4711", "8.8.4.4"))
    assert found.count('"') - text.count('"') in (0, 2)
