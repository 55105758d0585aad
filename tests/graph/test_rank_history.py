from graph.home import Home
from graph.rank_history import rank_history
from graph.snapshot import Snapshot


def test_the_only_snapshot_is_the_beginning_of_a_history(demo_home: Home, demo_snapshot: Snapshot) -> None:
    found = rank_history(demo_home, "flux-1-pro")
    (entry,) = found.history
    (row,) = demo_snapshot.rows("ranks", artifact_id="flux-1-pro")
    assert (entry.snapshot_id, entry.rank, entry.place) == (demo_snapshot.id, row["rank"], row["place"])
    assert (entry.change, entry.parts, entry.place_change) == (None, [], None)
    assert (found.name, found.simulated) == ("FLUX.1 Pro", True)


def test_what_never_had_a_rank_has_no_history(demo_home: Home) -> None:
    found = rank_history(demo_home, "nobody")
    assert (found.artifact_id, found.name, found.history, found.simulated) == ("nobody", None, [], False)
