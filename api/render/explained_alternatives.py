"""Why alternatives and complements have the scores that they have, as blocks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from api.render.blocks import Block, Heading, Item, Items, Paragraph
from api.render.numbers import rounded
from api.render.phrases import Answer
from graph.phrasing import counted

_NEEDS_SHOWN: Final = 5


def alternative_blocks(opened: Answer) -> Iterator[Block]:
    """Yield the formula of the scores, and under each alternative its signs and the needs that count."""
    if not opened["found"]:
        return
    yield Heading("Alternatives")
    yield Paragraph(f"Formula: {opened['formula']}; method {opened['method']}.")
    yield Items(tuple(Item(_sum(each), "", _signs(each, opened["weights"])) for each in opened["found"]))


def complement_blocks(opened: Answer) -> Iterator[Block]:
    """Yield the formula of the scores, and under each complement its counts."""
    if not opened["found"]:
        return
    yield Heading("Chosen together with it")
    yield Paragraph(f"Formula: {opened['formula']}.")
    yield Items(
        tuple(
            Item(
                f"{each['name']}, score {rounded(each['score'], 4)}",
                "",
                tuple((reason["kind"], reason["text"]) for reason in each["reasons"]),
            )
            for each in opened["found"]
        )
    )


def _sum(each: Answer) -> str:
    factors = each["factors"]
    f, u = rounded(factors["type"], 2), rounded(factors["use"], 4)
    return f"{each['name']}, score {rounded(each['score'], 4)} with f = {f} and u = {u}"


def _signs(alternative: Answer, weights: Answer) -> tuple[tuple[str, str], ...]:
    signs = tuple((_sign(reason, weights), reason["text"]) for reason in alternative["reasons"])
    needs = alternative["shared_needs"]
    if not needs:
        return signs
    told = [
        f"{need['intent'] or need['intent_id']} {need['a_clients']} / {need['b_clients']}"
        for need in needs[:_NEEDS_SHOWN]
    ]
    if len(needs) > _NEEDS_SHOWN:
        told.append(f"{counted(len(needs) - _NEEDS_SHOWN, 'more need')} in the JSON")
    return (*signs, ("Clients for each shared need, of this / of the other", "; ".join(told)))


def _sign(reason: Answer, weights: Answer) -> str:
    if reason["value"] is None:
        return str(reason["kind"])
    product = f"weight {rounded(weights[reason['kind']], 1)} × value {rounded(reason['value'], 4)}"
    return f"{reason['kind']}, {product}, share {rounded(reason['weight'], 2)}"
