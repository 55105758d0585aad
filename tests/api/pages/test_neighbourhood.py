"""Where neighbours stand on the drawing, and how thick the lines to them are."""

from api.pages.neighbourhood import LEFT, MAX_ON_A_SIDE, RIGHT, THICKEST, neighbourhood
from graph.snapshot import Snapshot


def test_needs_stand_on_the_left_and_others_on_the_right_within_the_drawing(demo_snapshot: Snapshot) -> None:
    found = neighbourhood(demo_snapshot, "FLUX.1 Pro")
    assert found.artifact_id == "flux-1-pro"
    sides = {x: [node for node in found.nodes if node.x == x] for x in (LEFT, RIGHT)}
    assert {node.kind for node in sides[LEFT]} == {"need"}
    assert {node.kind for node in sides[RIGHT]} <= {"alternative", "complement"}
    for nodes in sides.values():
        heights = [node.y for node in nodes]
        assert 0 < len(nodes) <= MAX_ON_A_SIDE
        assert heights == sorted(set(heights))
        assert 0 < heights[0] <= heights[-1] < found.height
        assert all(1 <= node.width <= THICKEST for node in nodes)


def test_a_need_stands_there_once_and_the_most_matched_has_the_thickest_line(demo_snapshot: Snapshot) -> None:
    needs = [node for node in neighbourhood(demo_snapshot, "flux-1-pro").nodes if node.kind == "need"]
    assert len({node.path for node in needs}) == len(needs)
    assert needs[0].width == max(node.width for node in needs) == THICKEST
