"""The findings of the doctor as a page."""

from __future__ import annotations

from api.render.blocks import Block, Column, Heading, Paragraph, Table, printable
from api.render.phrases import Answer


def checks_page(diagnosis: Answer) -> list[Block]:
    """Return the page of a diagnosis; what needs attention is said again at the end, with its remedy."""
    clean = printable(diagnosis)
    findings = clean["findings"]
    rows = tuple((finding["subject"], finding["status"], finding["text"]) for finding in findings)
    page: list[Block] = [
        Heading("Installation and home", level=1),
        Table(f"Home: {clean['home']}", (Column("What"), Column("State"), Column("Found")), rows),
    ]
    for finding in findings:
        if finding.get("remedy"):
            page.append(Paragraph(f"{finding['subject']}: {finding['text']}. {finding['remedy']}"))
    problems = sum(finding["status"] == "problem" for finding in findings)
    return [*page, Paragraph(f"{problems} to be repaired." if problems else "Nothing to repair.")]
