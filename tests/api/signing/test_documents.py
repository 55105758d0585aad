"""A signature holds for one document and no other."""

from __future__ import annotations

from pathlib import Path

from api.signing.documents import signed, verify
from api.signing.keys import public_keys, signing_key
from graph.home import Home

DOCUMENT = {"passport": {"name": "Ünïcode", "score": 0.1, "none": None, "many": [1, 2.5, True]}}


def test_a_signed_document_is_valid_until_anything_in_it_changes(tmp_path: Path) -> None:
    home = Home(tmp_path)
    document = signed(DOCUMENT, *signing_key(home), "2026-11-01T00:00:00Z")
    keys = public_keys(home)
    assert verify(document, keys).valid
    for changed in (
        {**document, "more": 1},
        {**document, "passport": {**document["passport"], "score": 0.2}},
        {**document, "signature": {**document["signature"], "signed_at": "2026-11-02T00:00:00Z"}},
        {**document, "signature": {**document["signature"], "value": "AAAA"}},
        DOCUMENT,
        None,
        [],
    ):
        assert not verify(changed, keys).valid
