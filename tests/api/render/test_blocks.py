from api.render.blocks import printable


def test_no_text_within_an_answer_can_move_the_cursor_or_turn_the_reading_direction() -> None:
    answer = {"name": "a\x1b[2Kb", "many": ["\u202eab", ("\u200bc", None, 1.5)]}
    assert printable(answer) == {"name": "a[2Kb", "many": ["ab", ["c", None, 1.5]]}
