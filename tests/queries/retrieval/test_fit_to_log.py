import re
from collections.abc import Iterable
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pytest

from queries.retrieval.build_index import build_text_index, withhold_texts
from queries.retrieval.calibration import MIN_SEARCHES, PRIOR, read_calibrator
from queries.retrieval.fit_to_log import MIN_STATED, NO_JUDGMENTS, fit_to_log
from queries.retrieval.fusion import PRIOR as FUSION_PRIOR
from queries.retrieval.fusion import read_fusion
from queries.retrieval.judged import Judged
from queries.retrieval.matching import Matcher
from tests.queries.small_catalogue import artifacts, capabilities, edge, edges_and_intents

NEEDS = ["resize", "translate", "summarise", "transcribe", "compress", "encrypt", "plot", "scrape"]
THINGS = [f"thing{letter}{number}" for letter in "abcdefghij" for number in range(10)]

DIFFERENT_NEEDS = """
    resize image, translate text, summarise report, transcribe audio, compress file, encrypt disk, plot curve,
    scrape page, classify email, segment road, deploy server, monitor metric, invoice order, schedule meeting,
    render scene, cluster customer, parse log, convert video, annotate corpus, detect fraud, forecast sales,
    archive paper, publish blog, debug program, stream radio, crawl site, index book, backup database, validate
    form, anonymise record
"""


def right_for(documents: Iterable[int], text: str = "") -> Judged:
    return Judged(text, frozenset(documents), frozenset())


def wrong_for(documents: Iterable[int], text: str) -> Judged:
    return Judged(text, frozenset(), frozenset(documents))


def logged_index(folder: Path, searches: int) -> Path:
    """Eight artifacts, one for each need; every fourth search chose at random."""
    random = np.random.default_rng(5)
    rows = [{"artifact_id": need, "name": need.title(), "description": f"{need} anything"} for need in NEEDS]
    edges = []
    for number in range(searches):
        need = NEEDS[number % len(NEEDS)]
        chosen = str(random.choice(NEEDS)) if number % 4 == 0 else need
        edges.append(edge(f"{need} {THINGS[number % 97]} {THINGS[number % 89]}", chosen))
    build_text_index(folder, artifacts(rows), capabilities([]), *edges_and_intents(edges))
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return logged_index(tmp_path_factory.mktemp("logged"), 2 * MIN_STATED)


def test_confidence_is_about_how_often_the_log_agrees(folder: Path) -> None:
    calibrator = fit_to_log(folder)
    assert (calibrator.method, calibrator.searches) == ("log", 2 * MIN_STATED)
    assert calibrator.error is not None
    assert calibrator.error < 0.15
    fresh = [f"{need} {THINGS[i]} {THINGS[i + 40]}" for i in range(20) for need in NEEDS]
    matcher = Matcher.open(folder)
    stated = np.mean([matcher.match(text, limit=1)[0].confidence for text in fresh])
    assert stated == pytest.approx(3 / 4 + 1 / 4 / len(NEEDS), abs=0.12)


def test_the_calibrator_is_kept_with_the_index_and_the_same_every_time(folder: Path) -> None:
    assert fit_to_log(folder) == fit_to_log(folder) == read_calibrator(folder)


def test_a_need_that_stands_worse_than_all_logged_ones_is_not_trusted(tmp_path: Path) -> None:
    rows = [{"artifact_id": need, "name": need.title(), "description": f"{need} anything"} for need in NEEDS]
    edges, intents = edges_and_intents([edge(f"{need} {thing}", need) for need in NEEDS for thing in THINGS[:20]])
    build_text_index(tmp_path, artifacts(rows), capabilities([]), edges, intents)
    calibrator = fit_to_log(tmp_path)
    matcher, trusting = Matcher.open(tmp_path), Matcher.open(tmp_path)
    trusting.calibrator = msgspec.structs.replace(calibrator, served=())
    foreign = f"divorce lawyer {THINGS[3]}"
    stated = [each.match(foreign, limit=1)[0].confidence for each in (trusting, matcher)]
    assert stated[0] > 0.1 > 0.01 > stated[1]
    for need, candidates in ((f"plot {THINGS[3]}", None), (foreign, NEEDS)):  # the log says nothing of candidates
        first, second = (each.match(need, limit=1, candidates=candidates) for each in (trusting, matcher))
        assert first == second


def test_a_small_log_leaves_the_prior(tmp_path: Path) -> None:
    folder = logged_index(tmp_path, MIN_SEARCHES - 1)
    assert fit_to_log(folder) is PRIOR
    assert read_calibrator(folder) is PRIOR


def test_an_index_that_withholds_its_texts_keeps_what_was_fitted(tmp_path: Path) -> None:
    folder = logged_index(tmp_path, 2 * MIN_STATED)
    fitted = fit_to_log(folder)
    weights = read_fusion(folder)
    intents = edges_and_intents([edge("resize paper", "resize")])[1]
    withhold_texts(folder, intents)
    assert fit_to_log(folder) == read_calibrator(folder) == fitted
    assert read_fusion(folder) == weights


def test_an_index_that_shows_some_texts_is_fitted_to_those(tmp_path: Path) -> None:
    rows = [{"artifact_id": need, "name": need.title(), "description": f"{need} anything"} for need in NEEDS]
    edges, intents = edges_and_intents([edge(f"{need} {thing}", need) for need in NEEDS for thing in THINGS[:20]])
    build_text_index(tmp_path, artifacts(rows), capabilities([]), edges, intents)
    withhold_texts(tmp_path, intents.slice(0, 40))
    assert (fit_to_log(tmp_path).searches, read_fusion(tmp_path).method) == (40, "log")


def test_many_needs_of_one_client_count_less_than_those_of_many(tmp_path: Path) -> None:
    rows = [{"artifact_id": need, "name": need.title(), "description": f"{need} anything"} for need in NEEDS]
    edges, intents = edges_and_intents([edge(f"{thing} {THINGS[5]}", "plot") for thing in THINGS[:60]])
    weights = []
    for name, clients in (("one", 1), ("many", 60)):
        evidence = pa.table({"artifact_id": ["plot"], "clients": [clients]})
        others = edges_and_intents([edge(f"{need} {thing}", need) for need in NEEDS[:4] for thing in THINGS[:20]])
        both = pa.concat_tables([edges, others[0]]), pa.concat_tables([intents, others[1]])
        build_text_index(tmp_path / name, artifacts(rows), capabilities([]), *both, evidence=evidence)
        fit_to_log(tmp_path / name)
        weights.append(read_fusion(tmp_path / name).weights)
    assert weights[0][2] < weights[1][2]


def test_the_needs_of_one_client_are_one_opinion(tmp_path: Path) -> None:
    folder = logged_index(tmp_path, 100)
    off, calibrators = [], []
    past = Matcher.open(folder).past
    keys = {key: right_for(past.chosen(number)) for number, key in enumerate(past.keys().tolist())}
    for needs_per_client, judged in ((1.0, NO_JUDGMENTS), (100.0, NO_JUDGMENTS), (100.0, keys)):
        calibrators.append(fit_to_log(folder, needs_per_client, judged))
        off.append(abs(np.log(np.divide(read_fusion(folder).weights, FUSION_PRIOR.weights))).max())
    assert off[1] < off[0] / 2
    assert off[2] == off[0]
    assert calibrators[2] == calibrators[0]
    moved = [np.abs(np.subtract(each.weights, PRIOR.weights)).max() for each in calibrators]
    assert moved[1] < moved[0] / 2


def stated_after(folder: Path, judged: dict[int, Judged]) -> float:
    fit_to_log(folder, judged=judged)
    return Matcher.open(folder).match(f"plot {THINGS[3]} {THINGS[8]}", limit=1)[0].confidence


def test_needs_that_nothing_serves_make_less_sure(tmp_path: Path) -> None:
    folder = logged_index(tmp_path, 100)
    unserved = {key: wrong_for(range(8), f"{NEEDS[key % 8]} {THINGS[key]} {THINGS[99 - key]}") for key in range(40)}
    without, weights = stated_after(folder, {}), read_fusion(folder)
    assert stated_after(folder, unserved) < without - 0.1
    assert read_calibrator(folder).searches == 100 + 40
    assert read_fusion(folder) == weights


def test_what_nobody_judged_is_not_taken_for_wrong(tmp_path: Path) -> None:
    folder = logged_index(tmp_path, 100)
    texts = [f"{NEEDS[key % 8]} {THINGS[key]} {THINGS[99 - key]}" for key in range(40)]
    first = [Matcher.open(folder).match(text, limit=8)[0].document for text in texts]
    others = {key: wrong_for([], text) for key, text in enumerate(texts)}
    assert stated_after(folder, others) == stated_after(folder, {})
    some = {key: wrong_for({first[key]} if key < 10 else {}, text) for key, text in enumerate(texts)}
    assert fit_to_log(folder, judged=some).searches == 100 + 10


def test_what_was_chosen_and_judged_wrong_is_wrong(tmp_path: Path) -> None:
    folder = logged_index(tmp_path, 100)
    past = Matcher.open(folder).past
    denied = {key: wrong_for(past.chosen(number), "") for number, key in enumerate(past.keys().tolist()) if number % 2}
    without = stated_after(folder, {})
    assert stated_after(folder, denied) < without - 0.1


def judged_choices(folder: Path, fitting: bool) -> dict[int, Judged]:
    """Sixty needs that were offered three artifacts; with `fitting` the right one among them, else others."""
    of_need = {match.artifact_id: match.document for match in Matcher.open(folder).match(" ".join(NEEDS), limit=8)}
    found = {}
    for number in range(60):
        three = [of_need[NEEDS[(number + step) % 8]] for step in range(3)]
        need = NEEDS[(number if fitting else number + 3) % 8]
        right = frozenset(three[:1] if fitting else ())
        found[1000 + number] = Judged(f"{need} {THINGS[number]}", right, frozenset(three) - right)
    return found


def test_choices_among_what_was_judged_say_how_often_nothing_that_is_offered_fits(tmp_path: Path) -> None:
    folder = logged_index(tmp_path, 100)
    text, offered = f"plot {THINGS[3]} {THINGS[8]}", ["plot", "scrape"]

    def stated() -> list[float]:
        matcher = Matcher.open(folder)
        return [matcher.match(text, limit=1, candidates=each)[0].confidence for each in (offered, None)]

    fit_to_log(folder)
    before = stated()
    unserved = judged_choices(folder, fitting=False)
    assert Matcher.open(folder).match(unserved[1000].text, limit=1, candidates=NEEDS[:3])[0].confidence > 0
    calibrator = fit_to_log(folder, judged=unserved)
    assert calibrator == read_calibrator(folder)
    assert calibrator.among is not None
    assert calibrator.among.searches == 60
    after = stated()
    assert after[0] < before[0]
    few = dict(list(unserved.items())[: MIN_SEARCHES - 1])
    assert fit_to_log(folder, judged=few).among is None
    served = {**{key: right_for(each.right, each.text) for key, each in judged_choices(folder, fitting=True).items()}}
    assert fit_to_log(folder, judged=served).among is None


def test_judged_choices_calibrate_a_home_without_a_log(tmp_path: Path) -> None:
    folder = logged_index(tmp_path, 8)
    unserved = judged_choices(folder, fitting=False)
    elsewhere = {key: each._replace(text=f"{each.text} offered") for key, each in unserved.items()}
    calibrator = fit_to_log(folder, judged=elsewhere)
    assert calibrator.among is not None


def test_a_need_like_a_logged_one_stays_sure_where_each_thing_was_chosen_once(tmp_path: Path) -> None:
    pairs = re.findall(r"(\w+) (\w+)", DIFFERENT_NEEDS)
    rows = [{"artifact_id": verb, "name": verb, "description": f"{verb} {thing}s for teams"} for verb, thing in pairs]
    logged = edges_and_intents([edge(f"{verb} my {thing}", verb) for verb, thing in pairs])
    build_text_index(tmp_path, artifacts(rows), capabilities([]), *logged)
    assert fit_to_log(tmp_path).searches == len(pairs)
    assert Matcher.open(tmp_path).match("plot my curve", limit=1)[0].confidence > 0.9
