"""The page about the configuration says what the structs say."""

import re
from collections.abc import Iterator

from app.configuration.shapes import fields_of
from app.settings import Settings
from tools.config_reference import PAGE, reference


def test_the_committed_page_is_current() -> None:
    assert PAGE.read_text("utf-8") == reference(), "run `python -m tools.config_reference`"


def rows(page: str) -> Iterator[list[str]]:
    return (line.split(" | ") for line in page.splitlines() if line.startswith("| `"))


def test_the_page_shows_type_default_and_meaning_of_a_key() -> None:
    port = next(row for row in rows(reference()) if row[0] == "| `port`")

    assert port[1:3] == ["a whole number from 0 to 65535", "`4517`"]


def test_a_list_of_fixed_length_says_how_long_it_is() -> None:
    thresholds = next(row for row in rows(reference()) if row[0] == "| `thresholds`")

    assert thresholds[1] == "list of exactly 3: a number from 0 to 100"


def test_every_table_has_a_section() -> None:
    headers = re.findall(r"^## `\[+(\w+)[].]", reference(), re.MULTILINE)

    assert set(headers) == fields_of(Settings).keys() - {"version"}
