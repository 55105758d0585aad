"""What is answered before the router is what the router would answer; everything else is left to it."""

import gzip
import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from fastapi import FastAPI, Query
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api.http.quick_search import search_request
from api.http.routes.search import SearchRequest
from tests.api.http.serving import Client

app = FastAPI()


@app.get("/")
async def read(asked: SearchRequest = Query()) -> dict[str, Any]:  # noqa: B008
    return asked.model_dump()


router = TestClient(app)
NAMES = st.sampled_from([*SearchRequest.model_fields, "colour", "Q"])
VALUES = st.one_of(
    st.sampled_from(["", "0", "1", "10", "101", "1.0", "0.5", "true", " 7 ", "agent", "human", "bot", "nan", "a,b"]),
    st.text(max_size=20),
)


@given(st.lists(st.tuples(NAMES, VALUES), max_size=6))
def test_an_address_is_read_as_the_router_reads_it(pairs: list[tuple[str, str]]) -> None:
    query = urlencode(pairs, errors="surrogatepass")
    asked = search_request(query.encode())
    answer = router.get(f"/?{query}")
    if asked is not None:
        assert answer.status_code == 200
        assert asked.model_dump() == answer.json()
    elif answer.status_code == 200:  # only what is unusual is left to the router
        assert len({name for name, _ in pairs}) < len(pairs)


@pytest.mark.parametrize("query", ["q=a&q=b", "q=a&tags=x&tags=y", "q=%ff%fe", "q=a;limit=3", "q=a&limit=3&", "&q=%00"])
def test_odd_addresses_too(query: str) -> None:
    asked, answer = search_request(query.encode()), router.get(f"/?{query}")
    assert asked is None or asked.model_dump() == answer.json()


def test_long_addresses_are_left_to_the_router(client: Client) -> None:
    query = quote("chart " * 300)
    assert search_request(f"q={query}".encode()) is None
    assert client.get(f"/v1/search?q={query}").status == 200


def test_errors_are_told_as_by_the_router(client: Client) -> None:
    unknown = client.get("/v1/search", q="a chart", type="unheard-of")
    assert (unknown.status, unknown.json["code"]) == (404, "cannot-be-answered")
    assert client.get("/v1/search", q="a chart", limit="many").json["code"] == "invalid-request"
    assert client.get("/v1/search", q="a chart", different_from="nobody").json["code"] == "unknown-name"
    assert client.send("POST", "/v1/search").json["code"] == "method-not-allowed"
    counted = 'matchgraph_requests_total{method="GET",route="/v1/search",status="404"}'
    assert counted in client.get("/metrics").text


def test_answers_are_compressed_for_those_who_take_it_and_are_the_same(client: Client) -> None:
    query = {"q": "tools for pictures and diagrams", "limit": 20}
    plain = client.get("/v1/search", **query)
    packed = client.get("/v1/search", {"Accept-Encoding": "br, gzip"}, **query)
    small = client.get("/v1/search", {"Accept-Encoding": "gzip"}, q="zzyzx")
    assert "content-encoding" not in plain.headers
    assert (packed.headers["content-encoding"], packed.headers["vary"]) == ("gzip", "Accept-Encoding")
    assert plain.headers["vary"] == "Accept-Encoding"
    assert [hit["artifact_id"] for hit in json.loads(gzip.decompress(packed.body))["hits"]] == [
        hit["artifact_id"] for hit in plain.json["hits"]
    ]
    assert "content-encoding" not in small.headers
