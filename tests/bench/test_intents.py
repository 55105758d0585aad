"""False merges of intents: counted by hand, and on the data sets for which docs/evidence.md states them."""

from pathlib import Path

import pytest

from bench.intents import false_merges, spelling_of, tools_of_texts
from queries.text.spelling import as_written

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def test_a_merge_is_false_where_labels_have_no_tool_in_common():
    tools = {"upscale image": {"a"}, "image upscaler": {"a", "b"}, "upscaled images": {"c"}, "translate pdf": {"d"}}
    merged, false = false_merges(tools, as_written)
    assert merged == 3
    assert false == [("image upscaler", "upscaled images"), ("upscale image", "upscaled images")]


@pytest.mark.parametrize(("name", "texts"), [("metatool", 10_517), ("livemcpbench", 47)])
def test_fewer_than_one_text_in_a_hundred_is_in_a_false_merge(name, texts, tmp_path):
    if not (DATA / name).is_dir():
        pytest.skip(f"the data set lies in ../shared/data/{name}, which is absent")
    tools = tools_of_texts(DATA / name)
    _, false = false_merges(tools, spelling_of(DATA / name, tmp_path))
    assert len(tools) == texts
    assert len({text for pair in false for text in pair}) < 0.01 * len(tools)
