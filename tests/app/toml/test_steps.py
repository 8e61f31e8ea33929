"""An edit that leads back to what a text said brings back how it said so, and nothing that others changed."""

import tomllib

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.toml.edits import Assign, Edit, Remove, edited
from app.toml.scan import KeyPath
from app.toml.steps import Steps
from app.toml.trees import ABSENT, value_at
from tests.app.toml.documents import documents
from tests.app.toml.test_edits import is_one_of_several_sections, paths_of

SMALL: KeyPath = ("tiers", "SIMPLE", "services")
MEDIUM: KeyPath = ("tiers", "MEDIUM", "services")
TEXT = """\
# mine
[tiers.SIMPLE]
services = [
    # quick, and cheap
    "p/small",  # since May
    "p/tiny",
]

[ui]
theme = "dark"  # at night
"""
MOVED: list[Edit] = [Assign(MEDIUM, ["p/small"]), Assign(SMALL, ["p/tiny"])]
BACK: list[Edit] = [Remove(MEDIUM), Assign(SMALL, ["p/small", "p/tiny"])]


def stepped(text: str, *edits: Edit) -> tuple[Steps, str]:
    steps = Steps()
    return steps, steps.edited(text, edits)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_is_taken_back_stands_as_it_stood(end: str) -> None:
    text = TEXT.replace("\n", end)
    steps, moved = stepped(text, *MOVED)
    assert "since May" not in moved
    assert "[tiers.MEDIUM]" in moved
    assert steps.edited(moved, BACK) == text


def test_a_step_can_be_taken_back_and_made_again_and_again() -> None:
    steps, moved = stepped(TEXT, *MOVED)
    for _ in range(3):
        assert steps.edited(steps.edited(moved, BACK), MOVED) == moved


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('theme = "dark"  # at night', 'theme = "light"  # by day'),
        ("# mine", "# mine\n[server]\nport = 5000\n"),
        ('"dark"  # at night\n', '"dark"  # at night\nlanguage = "en"\n'),
    ],
)
def test_lines_that_others_changed_since_stay_so(old: str, new: str) -> None:
    steps, moved = stepped(TEXT, *MOVED)
    assert steps.edited(moved.replace(old, new), BACK) == TEXT.replace(old, new)


def test_an_older_step_is_taken_back_below_a_newer_one() -> None:
    steps, moved = stepped(TEXT, *MOVED)
    night = steps.edited(moved, [Assign(("ui", "theme"), "light")])
    assert steps.edited(night, BACK) == TEXT.replace('"dark"', '"light"')


def test_where_its_own_lines_were_changed_since_only_the_keys_are() -> None:
    steps, moved = stepped(TEXT, *MOVED)
    theirs = moved.replace("[tiers.MEDIUM]", "# theirs\n[tiers.MEDIUM] # too").replace(
        "services = ", "services="
    )
    assert steps.edited(theirs, BACK) == edited(theirs, BACK)


def test_what_leads_elsewhere_is_written_as_ever() -> None:
    steps, moved = stepped(TEXT, *MOVED)
    elsewhere: list[Edit] = [Remove(MEDIUM), Assign(SMALL, ["p/tiny", "p/small"])]
    assert steps.edited(moved, elsewhere) == edited(moved, elsewhere)


def test_a_table_that_others_filled_since_stays() -> None:
    off: KeyPath = ("tiers", "MEDIUM", "enabled")
    steps, made = stepped(TEXT, Assign(off, False))
    theirs = made.replace("enabled = false", 'enabled = false\ntactic = "random"')
    assert tomllib.loads(steps.edited(theirs, [Remove(off)]))["tiers"]["MEDIUM"] == {"tactic": "random"}


@given(text=documents(), data=st.data())
def test_whatever_is_set_in_any_document_comes_back_letter_by_letter(text: str, data: st.DataObject) -> None:
    tree = tomllib.loads(text)
    path = data.draw(st.sampled_from([*paths_of(tree), ("new", "key")]))
    assume(not is_one_of_several_sections(text, path))
    before = value_at(tree, path)
    steps, after = stepped(text, Assign(path, "something else"))
    back = Remove(path) if before is ABSENT else Assign(path, before)
    assert steps.edited(after, [back]) == text


def test_what_changes_nothing_takes_no_form_back() -> None:
    steps, made = stepped(TEXT, Remove(SMALL), Assign(SMALL, ["p/small", "p/tiny"]))
    assert made != TEXT
    assert steps.edited(made, [Assign(SMALL, ["p/small", "p/tiny"])]) == made
    assert steps.edited(made, []) == made
