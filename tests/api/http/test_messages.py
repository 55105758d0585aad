"""Messages come out as they went in, in whatever pieces they arrive."""

import pytest

from api.http.messages import Messages, framed

SENT = [(1, "one"), (2, "zwei — дві"), (3, "x" * 70_000), (4, "")]


@pytest.mark.parametrize("size", [1, 3, 1_000, 1_000_000])
def test_messages_are_complete_however_they_are_cut(size: int) -> None:
    sent = b"".join(map(framed, SENT))
    messages = Messages[tuple[int, str]](tuple[int, str])
    found = [each for at in range(0, len(sent), size) for each in messages.fed(sent[at : at + size])]
    assert found == SENT


def test_half_a_message_is_none_yet() -> None:
    messages = Messages[int](int)
    assert list(messages.fed(framed(7)[:-1])) == []
    assert list(messages.fed(framed(7)[-1:])) == [7]
