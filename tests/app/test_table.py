from app.table import table


def test_words_stand_to_the_left_and_numbers_to_the_right() -> None:
    assert table([("model", "requests"), ("a", "5"), ("longer name", "1,234")]) == [
        "model        requests",
        "a                   5",
        "longer name     1,234",
    ]


def test_a_row_never_ends_in_blanks() -> None:
    assert table([("a", "b"), ("a", "")], names=2) == ["a  b", "a"]


def test_no_rows_are_no_lines() -> None:
    assert table([]) == []
