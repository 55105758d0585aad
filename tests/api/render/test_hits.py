from api.render.blocks import Heading
from api.render.hits import hits_page
from tests.api.render.reading import lines


def test_a_pasted_document_is_not_read_back() -> None:
    heading = hits_page({"query": "word " * 100_000, "hits": [], "message": None})[0]
    assert isinstance(heading, Heading)
    assert heading.text.startswith("Search: word word")
    assert heading.text.endswith("word …")
    assert len(heading.text) <= 308


def test_search_hits_say_why() -> None:
    hit = {
        "artifact_id": "cutter",
        "name": "Cutter",
        "type": "model",
        "score": 0.914,
        "confidence": 0.62,
        "capabilities": [{"capability_id": "cutter/masking", "name": "masking", "score": 0.9}],
        "evidence": {
            "terms": ["mask"],
            "intents": ["cut out people"],
            "times_matched": 12,
            "clients": 1,
            "simulated": True,
        },
        "differences": ["another licence"],
        "description": f"**Cuts** people out of pictures. {'It is fast. ' * 20}",
    }
    shown = lines(hits_page({"query": "mask it", "hits": [hit], "simulated": True}))
    assert "- Cutter (Model, score 0.91, confidence 62 %)" in shown
    assert any(line.startswith("Cuts people out of pictures. It is fast.") and len(line) <= 160 for line in shown)
    assert "Can: masking" in shown
    assert "Shared words: mask" in shown
    assert "Chosen for: cut out people (simulated log)" in shown
    assert "Different in: another licence" in shown
    assert "Times matched: 12 by 1 client (simulated log)" in shown
    assert "Nothing fits." in lines(hits_page({"query": "x", "hits": [], "simulated": False}))
    assert "Too vague." in lines(hits_page({"query": "x", "hits": [], "simulated": False, "message": "Too vague."}))
