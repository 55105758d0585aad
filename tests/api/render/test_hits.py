from api.render.blocks import Heading
from api.render.hits import hits_page


def test_a_pasted_document_is_not_read_back() -> None:
    heading = hits_page({"query": "word " * 100_000, "hits": [], "message": None})[0]
    assert isinstance(heading, Heading)
    assert heading.text.startswith("Search: word word")
    assert heading.text.endswith("word …")
    assert len(heading.text) <= 308
