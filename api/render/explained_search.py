"""Why the hits of a search stand where they stand, as blocks: witnesses, confidence, and the needs behind them."""

from __future__ import annotations

from collections.abc import Iterator

from api.render.blocks import Block, Column, Heading, Item, Items, Paragraph, Table
from api.render.edges import edges_table
from api.render.numbers import rounded
from api.render.phrases import Answer


def search_blocks(answer: Answer) -> Iterator[Block]:
    """Yield the formulas and methods once, then each hit."""
    read = answer["read_as"]
    yield Paragraph(f"Read as: {', '.join(read['words']) or 'no word to search for'}; mass {rounded(read['mass'], 4)}.")
    yield Items(
        tuple(
            Item(f"{name.capitalize()}: {answer[f'{name}_formula']}", _fitted(answer[f"{name}_method"]))
            for name in ("score", "confidence")
        )
    )
    for place, hit in enumerate(answer["hits"], start=1):
        yield Heading(f"{place}. {hit['capability_id'] or hit['artifact_id']}")
        yield from _hit(hit, answer["parameters"].get("k_anonymity"))
    if not answer["hits"]:
        yield Paragraph("Nothing was found.")


def _fitted(method: Answer) -> str:
    if method["method"] == "prior":
        return "Weights fitted on other catalogues (prior)."
    return f"Weights fitted on {method['searches']:,} searches ({method['method']})."


def _hit(hit: Answer, k_anonymity: int | None) -> Iterator[Block]:
    score, confidence = hit["score"], hit["confidence"]
    yield _terms(f"Score {rounded(score['value'], 4)}", score["witnesses"])
    if score["others_of_the_artifact"]:
        yield Paragraph(f"Other hits of {hit['artifact_id']} add {rounded(score['others_of_the_artifact'], 4)}.")
    title = f"Confidence {rounded(confidence['value'], 4)}, bias {rounded(confidence['bias'], 4)}"
    if confidence["familiar"] < 1:
        title += f", times {rounded(confidence['familiar'], 4)}: hardly a need of the log stood as badly as this one"
    yield _terms(title, confidence["features"])
    if hit["needs"]:
        yield Paragraph("Similar past searches that chose it:")
        yield edges_table(hit["needs"], k_anonymity)


def _terms(title: str, terms: list[Answer]) -> Table:
    numbers = ("value", "weight", "product")
    columns = (Column("Name"), *(Column(name.capitalize(), numeric=True) for name in numbers), Column("Meaning"))
    rows = tuple((term["name"], *(rounded(term[name], 4) for name in numbers), term["meaning"]) for term in terms)
    return Table(title, columns, rows)
