"""What the pages say, to people and, as Markdown, to agents; and that hostile texts stay texts."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from graph.home import Home
from graph.ledger import Ledger
from ingest.load import ingest_paths
from queries.recompute import recompute
from tests.api.http.serving import Client, Reply, Server, serving

NOW_US = 1_793_491_200_000_000
BROWSER = {"Accept": "text/html", "User-Agent": "Mozilla/5.0"}
COMPARISON = "/compare/mask2former-swin-large-cityscapes-semantic-vs-flux-1-pro"


def page(client: Client, path: str) -> Reply:
    return client.get(path, headers=BROWSER)


@pytest.mark.parametrize(
    "path",
    ["/", "/search", "/search?q=images", "/artifacts/flux-1-pro", COMPARISON, "/ranks", "/ranks/model", "/intents",
     "/graph/flux-1-pro", "/method"],
)  # fmt: skip
def test_every_page_is_html_for_people_and_markdown_for_agents(client: Client, path: str) -> None:
    html, markdown = page(client, path), client.get(path, headers={"Accept": "text/markdown"})
    assert (html.status, html.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert html.text.count("<h1>") == 1
    assert not re.search(r"<[^>]+ (style|on[a-z]+)=", html.text)
    assert (markdown.status, markdown.headers["content-type"]) == (200, "text/markdown; charset=utf-8")
    assert markdown.text.startswith("# ")
    assert "<html" not in markdown.text


def test_the_comparison_shows_unlike_things_as_not_comparable_with_every_part_and_interval(client: Client) -> None:
    text = page(client, COMPARISON).text
    assert "Not comparable" in text
    for part in ("Adoption", "Quality", "Ecosystem", "Match graph", "Freshness"):
        assert part in text
    assert "not known, left out" in text
    assert "simulated log" in text
    assert "Need something different?" in text


def test_what_was_never_matched_is_not_shown_as_a_count(client: Client) -> None:
    text = page(client, "/search?q=whisper.cpp").text
    assert "<dt>Times matched</dt><dd>never so far</dd>" in text
    assert "0 by 0" not in text


@pytest.mark.parametrize("path", ["/search", "/search?q=", "/search?q=+&type=model"])
def test_a_search_without_a_query_invites_to_ask(client: Client, path: str) -> None:
    reply = page(client, path)
    assert reply.status == 200
    main = reply.text.split("<main")[1]
    assert 'name="q" type="search"' in main
    assert "Say in a few words" in main
    assert "Often asked" in main
    assert "is empty" not in reply.text
    assert "Right with probability" not in main
    assert ('<input type="hidden" name="type" value="model">' in main) == ("type=model" in path)


def test_the_front_page_says_how_sure_its_ranks_are(client: Client) -> None:
    text = page(client, "/").text
    assert re.search(r'<span class="num">\d+\.\d</span><span class="muted small">\d+ to \d+</span>', text)
    assert "Which is first is not certain" in text


def test_the_comparison_says_what_people_chose_and_how_each_claim_is_known(client: Client) -> None:
    text = page(client, "/compare/flux-1-pro-vs-stable-diffusion-xl").text
    assert "Head to head" in text
    assert "clients would have to change" in " ".join(text.split()) or "of the clients" in text
    for status in ("stated", "measured", "inferred"):
        assert f"<td>{status}</td>" in text


@pytest.mark.parametrize("path", ["/artifacts/flux-1-pro", "/artifacts/sam-2", "/artifacts/qdrant"])
def test_points_add_up_to_the_rank_that_is_printed(client: Client, path: str) -> None:
    table = page(client, path).text.split("How the rank is made up")[1].split("</table>")[0]
    cells = [re.findall(r'class="num">([^<]*)</td>', row)[-1] for row in table.split("<tr>")[2:]]
    *points, total = [Decimal(cell.replace("—", "0")) for cell in cells]
    assert sum(points) == total > 0


def test_linked_data_can_be_read(client: Client) -> None:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page(client, "/artifacts/flux-1-pro").text)
    assert found is not None
    assert json.loads(found[1])["name"] == "FLUX.1 Pro"


def test_a_form_leads_to_the_address_of_the_comparison(client: Client) -> None:
    reply = client.get("/compare", a="FLUX.1 Pro", b="DALL-E 3")
    assert (reply.status, reply.headers["location"]) == (303, "/compare/flux-1-pro-vs-dall-e-3")


def test_unknown_names_are_a_page_with_candidates(client: Client) -> None:
    reply = page(client, "/artifacts/FLUX.1%20Prof")
    assert reply.status == 404
    assert "FLUX.1 Pro" in reply.text
    assert "text/html" in reply.headers["content-type"]


def test_following_a_hit_reports_it_as_chosen_by_a_person(own_home: Path) -> None:
    with serving(own_home) as server:
        client = server.client()
        link = re.search(r'href="(/artifacts/[^"]+\?via=[^"]+)"', page(client, "/search?q=street+scenes").text)
        assert link is not None
        assert page(client, link[1]).status == 200
        assert page(client, link[1][:-4] + "AAAA").status == 200  # a damaged token leaves the page as it is
    rows = Ledger.open(Home(own_home)).arrow("events").to_pylist()
    assert [(row["action"], row["actor"]) for row in rows if row["application"] == "matchgraph"] == [("click", "human")]


@contextmanager
def serving_rows(folder: Path, rows: list[dict[str, Any]]) -> Iterator[Server]:
    """A server whose catalogue is these artifacts."""
    file, home = folder / "artifacts.jsonl", Home(folder / "home")
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    ingest_paths(home, [file], now_us=NOW_US)
    recompute(home, now_us=NOW_US)
    with serving(home.path) as server:
        yield server


def test_hostile_texts_stay_texts(tmp_path: Path) -> None:
    hostile = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(1)>\u202e"
    rows = [
        {"id": f"evil-{number}", "name": f"{hostile} {number}", "type": "model", "url": "javascript:alert(1)",
         "description": hostile, "tags": [hostile], "license": hostile}
        for number in range(2)
    ]  # fmt: skip
    with serving_rows(tmp_path, rows) as server:
        for path in (
            "/",
            "/search?q=alert",
            "/artifacts/evil-0",
            "/compare/evil-0-vs-evil-1",
            "/ranks",
            "/graph/evil-0",
        ):
            reply = page(server.client(), path)
            assert reply.status == 200
            assert "<script>alert" not in reply.text
            assert "<img" not in reply.text
            assert 'href="javascript' not in reply.text
            assert "\u202e" not in reply.text


def test_no_comparison_is_taken_for_another_whose_ids_hold_the_words_between_them(tmp_path: Path) -> None:
    text = "Turns speech into text."
    rows = [{"id": id, "name": id, "type": "app", "description": text} for id in ("a", "b-vs-c", "a-vs-b", "c")]
    with serving_rows(tmp_path, rows) as server:
        client = server.client()
        for pair in (("a", "b-vs-c"), ("a-vs-b", "c")):
            reply = client.get("/compare", BROWSER, a=pair[0], b=pair[1])
            assert reply.status == 200
            assert f"<title>{pair[0]} vs {pair[1]} " in reply.text
            assert (
                f'rel="canonical" href="http://127.0.0.1:{server.port}/compare?a={pair[0]}&amp;b={pair[1]}"'
                in reply.text
            )
        doubtful = page(client, "/compare/a-vs-b-vs-c")
        assert doubtful.status == 404
        assert "can be read in 2 ways" in doubtful.text
        assert page(client, "/compare/a-vs-b").status == 404
        assert "address of a comparison is /compare/A-vs-B" in page(client, "/compare/a").text


def test_equal_artifacts_share_a_place_that_is_marked(tmp_path: Path) -> None:
    rows = [{"id": id, "name": id, "type": "app", "description": "Says the same."} for id in ("one", "two")]
    with serving_rows(tmp_path, rows) as server:
        text = page(server.client(), "/ranks").text
    assert text.count('<td class="num">=1st (1st to 2nd)</td>') == 2


def test_a_list_of_one_type_has_the_places_among_that_type_in_every_form(client: Client) -> None:
    answer = client.get("/v1/ranks", type="model", limit=3).json
    assert answer["type"] == "model"
    first = answer["ranks"][0]
    assert (first["type_place"], first["place"] > 1) == (1, True)
    row = next(line for line in client.get("/ranks/model", {"Accept": "text/markdown"}).text.splitlines()
               if first["name"] in line)  # fmt: skip
    assert row.split("|")[3].split()[0] == "1"
    assert ">1st" in page(client, "/ranks/model").text


def test_two_of_one_name_are_told_apart_by_their_ids(tmp_path: Path) -> None:
    rows = [
        {"id": f"{maker}/it", "name": "It", "type": "app", "description": text, "stars": 5}
        for maker, text in (("one", "Turns speech into text."), ("two", "Draws maps of cities."))
    ]
    with serving_rows(tmp_path, rows) as server:
        for form in (BROWSER, {"Accept": "text/markdown"}):
            text = server.client().get("/compare/one/it-vs-two/it", form).text
            assert "It (one/it) vs It (two/it)" in re.sub("<[^>]*>", "", text).replace("\\", "")
            assert not re.search(r"Missing:(</strong>|\*\*)? It:", text)


def test_match_edges_of_one_need_say_what_they_lead_to(client: Client) -> None:
    table = page(client, "/artifacts/sam-2").text.split("Needs it was matched with")[-1].split("</table>")[0]
    rows = re.findall(r'<th scope="row">(.*?)</th><td class="small">(.*?)</td>', table)
    assert len(set(rows)) == len(rows) == 10
    assert {matched.split("/")[0] for _, matched in rows} == {"sam-2"}


def test_an_empty_neighbourhood_says_so_and_a_long_name_is_cut(tmp_path: Path) -> None:
    rows = [{"id": "alone", "name": "字" * 80, "type": "app"}]
    with serving_rows(tmp_path, rows) as server:
        text = page(server.client(), "/graph/alone").text
    assert "Nothing is known around it" in text
    assert "The same as a list" not in text
    assert f">{'字' * 29}…</text>" in text


def test_the_page_of_an_artifact_says_its_places_with_their_ranges(client: Client) -> None:
    text = page(client, "/artifacts/sam-2").text
    assert re.search(r"<dt>Place</dt><dd>\d+\w\w \(\d+\w\w to \d+\w\w\)</dd>", text)
    assert re.search(r"<dt>Place in its type</dt><dd>\d+\w\w \(\d+\w\w to \d+\w\w\)</dd>", text)


@pytest.mark.parametrize("path", ["/artifacts/sam-2", "/compare/sam-2-vs-flux-1-pro"])
def test_every_number_of_a_page_can_be_opened_from_it(client: Client, path: str) -> None:
    link = re.search(r'href="(/v1/explain[^"]+)"', page(client, path).text)
    assert link is not None
    opened = client.get(link[1].replace("&amp;", "&"))
    assert (opened.status, opened.json["kind"]) == (200, "comparison" if "compare" in path else "artifact")


def test_what_no_source_describes_is_not_shown_as_zero_capabilities(tmp_path: Path) -> None:
    rows = [{"id": id, "name": id, "type": "app", "description": "Turns speech into text."} for id in ("one", "two")]
    with serving_rows(tmp_path, rows) as server:
        text = page(server.client(), "/compare/one-vs-two").text
    assert text.count("<td>none described</td>") == 2
    assert "Only one (0)" not in text


def test_alternatives_on_a_page_can_be_narrowed_to_where_they_run(tmp_path: Path) -> None:
    text = "Turns speech into text."
    rows = [
        {"id": "own", "name": "Own", "type": "app", "description": text, "hosting": "self-hosted"},
        {"id": "service", "name": "Service", "type": "app", "description": text, "tags": ["saas"]},
        {"id": "third", "name": "Third", "type": "app", "description": text},
    ]
    with serving_rows(tmp_path, rows) as server:
        client = server.client()
        everything, narrowed = (page(client, f"/artifacts/third{asked}").text for asked in ("", "?hosting=cloud"))
        assert page(client, "/artifacts/third?hosting=moon").status == 404
        assert "<dd>self-hosted</dd>" in page(client, "/artifacts/own").text
    assert '<option value="self-hosted">' in everything
    assert '<option value="cloud" selected>' in narrowed
    assert ('"/artifacts/own"' in everything, '"/artifacts/own"' in narrowed) == (True, False)
    assert '"/artifacts/service"' in narrowed
