"""A list of ranks shows places, ranges and ties, and says what is not known."""

from api.render.ranking import ranking_page
from tests.api.answers import rank_list, side
from tests.api.render.reading import lines


def test_rank_list() -> None:
    unknown = side(name="Nobody", rank=None, low=None, high=None, completeness=None, place=None, times_matched=0)
    shown = lines(ranking_page(rank_list([side(place_low=1, place_high=4), unknown])))
    assert "Cutter Model 2 (1 to 4) 46.2 30.1 to 62.3 70 % never —" in shown
    assert "Nobody Model — — — — never —" in shown
    assert not any("simulated" in line for line in shown)


def test_rank_list_says_aloud_what_is_tied_and_that_the_first_is_not_certain() -> None:
    ranks = [side(place=1, place_low=1, place_high=2), side(name="Painter", place=1, place_low=1, place_high=2)]
    shown = " ".join(lines(ranking_page(rank_list(ranks, shared_places=[1]))))
    assert "Painter Model =1 (1 to 2)" in shown
    assert "A place with = is shared" in shown
    assert "for 2 artifacts of this list the range of places begins at 1" in shown
    cut = " ".join(lines(ranking_page(rank_list(ranks[:1], shared_places=[1]))))
    assert "=1 (1 to 2)" in cut, "the other one is on the next page"
    certain = " ".join(lines(ranking_page(rank_list([side(place=1, place_low=1, place_high=1)]))))
    assert "shared" not in certain
    assert "not certain" not in certain


def test_a_rank_list_of_one_type_shows_the_places_in_that_type() -> None:
    one = side(place=7, type_place=2, type_place_low=2, type_place_high=3)
    assert "Cutter Model 2 (2 to 3)" in " ".join(lines(ranking_page(rank_list([one], type="model"))))


def test_rank_list_says_that_the_log_is_simulated_and_when_it_is_empty() -> None:
    assert any("simulated log" in line for line in lines(ranking_page(rank_list([side(simulated=True)]))))
    assert "No artifact of this kind is in this home." in lines(ranking_page(rank_list([])))


NAMES = [{"artifact_id": "acme/cutter", "name": "The Cutter", "times_matched": 5, "clients": 4, "simulated": True}]


SAID = (
    "The Cutter (acme/cutter), matched 5 times by 4 clients (simulated log); all names together 12 times by 9 clients"
)


def test_other_names_of_a_ranked_artifact_are_shown_with_the_evidence_of_each() -> None:
    row = side(name="Cutter", times_matched=12, clients=9, also_known_as=NAMES)
    assert f"Cutter is also known as {SAID}." in lines(ranking_page(rank_list([row])), 300)
