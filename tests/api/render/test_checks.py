"""The doctor's findings."""

from api.render.checks import checks_page
from tests.api.render.reading import lines


def test_doctor_repeats_what_needs_attention_with_its_remedy() -> None:
    findings = [
        {"subject": "Python", "status": "good", "text": "3.11", "remedy": ""},
        {
            "subject": "snapshot",
            "status": "problem",
            "text": "a file is missing",
            "remedy": "Run: matchgraph recompute",
        },
    ]
    shown = lines(checks_page({"home": "/data", "healthy": False, "findings": findings}))
    assert "snapshot: a file is missing. Run: matchgraph recompute" in shown
    assert shown[-1] == "1 to be repaired."
    assert lines(checks_page({"home": "/data", "healthy": True, "findings": findings[:1]}))[-1] == "Nothing to repair."
