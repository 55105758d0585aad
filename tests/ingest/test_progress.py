"""What an import says while it runs, on a terminal and in a log."""

from io import StringIO

from ingest.progress import Progress


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def told(stream: StringIO, *seconds: float) -> str:
    """Report at these seconds: a hundred rows and a tenth of the file for each."""
    times = iter((0.0, *seconds))
    progress = Progress(stream, lambda: next(times), "a.jsonl", 1_000)
    for number in range(1, len(seconds) + 1):
        progress.at(100 * number, 100 * number)
    progress.end()
    return stream.getvalue()


def test_nothing_is_said_within_the_first_second() -> None:
    assert told(StringIO(), 0.5, 0.9) == ""
    assert told(Terminal(), 0.5, 0.9) == ""


def test_a_log_gets_a_line_at_most_every_ten_seconds() -> None:
    assert told(StringIO(), 2.0, 4.0, 12.0).splitlines() == [
        "a.jsonl: 100 rows, 50 rows/s, 10 %, 18 s left",
        "a.jsonl: 300 rows, 25 rows/s, 30 %, 28 s left",
    ]


def test_a_terminal_has_one_line_that_is_gone_at_the_end() -> None:
    shown = told(Terminal(), 2.0, 4.0)
    assert shown.split("\r\x1b[2K") == [
        "", "a.jsonl: 100 rows, 50 rows/s, 10 %, 18 s left", "a.jsonl: 200 rows, 50 rows/s, 20 %, 16 s left", "",
    ]  # fmt: skip
