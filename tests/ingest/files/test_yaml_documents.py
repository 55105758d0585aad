from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.files.yaml_documents import BadYaml, child, line_of, load_yaml_mapping

BILLION = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n" for level in range(1, 9)
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: !!python/object/apply:os.system [echo]", "unsafe-yaml"),
        ("a: !!python/name:os.system", "unsafe-yaml"),
        ("a: !mine {b: 1}", "unsafe-yaml"),
        ("a: !!binary aGVsbG8=", "unsafe-yaml"),
        (BILLION, "unsafe-yaml"),
        ("a: &a [*a]", "unsafe-yaml"),
        ("a: &a {<<: *a}", "unsafe-yaml"),
        ("a: " + "[" * 100 + "]" * 100, "unsafe-yaml"),
        ("a: " + "x" * (1 << 20), "unsafe-yaml"),
        ("a: 1\na: 2", "duplicate-key"),
        ("a: 1\n---\nb: 2", "several-documents"),
        ("- a\n- b", "not-an-object"),
        ("just text", "not-an-object"),
        ("", "not-an-object"),
        ("a: [1", "invalid-yaml"),
        ("a: *nobody", "invalid-yaml"),
        ("? [a, b]\n: c", "invalid-yaml"),
        ("a: \x01", "invalid-yaml"),
        ("a: 2026-13-45", "invalid-yaml"),
        ('a: "\\uD800"', "invalid-yaml"),
    ],
)
def test_yaml_that_is_not_plain_data_is_refused(text, code):
    with pytest.raises(BadYaml) as caught:
        load_yaml_mapping(text)
    assert caught.value.code == code
    assert caught.value.line >= 1


def test_plain_data_comes_with_its_lines():
    values, node = load_yaml_mapping("a: &a 1\nb:\n  c: 2026-01-31\n  d: yes\ne: *a\n5: x\n")
    assert values == {"a": 1, "b": {"c": "2026-01-31", "d": True}, "e": 1, "5": "x"}
    found = child(node, "b")
    assert found is not None
    assert line_of(found) == 3
    assert child(node, "nobody") is None


@settings(deadline=None)
@given(st.text(alphabet="ab:-[]{}&*!<>'\"|#\n \\?,1.", max_size=40))
def test_any_text_is_a_mapping_or_refused(text):
    with contextlib.suppress(BadYaml):
        assert isinstance(load_yaml_mapping(text)[0], dict)
