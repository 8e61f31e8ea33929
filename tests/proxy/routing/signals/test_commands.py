"""What users command about tiers, within what they type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.routing.signals import Signals
from proxy.routing.signals.commands import Command, commanded
from tests.proxy.routing.signals.asking import EXCHANGE, REMINDER, anthropic, assistant, read, user


@pytest.mark.parametrize(
    ("text", "command", "rest"),
    [
        ("/tier complex", Command("COMPLEX"), ""),
        ("/tier COMPLEX fix the parser", Command("COMPLEX"), "fix the parser"),
        ("/tier up", Command(step=1), ""),
        ("/tier down please", Command(step=-1), "please"),
        ("fix the parser\n/tier reasoning", Command("REASONING"), "fix the parser"),
        ("fix the parser [tier:reasoning]", Command("REASONING"), "fix the parser"),
        ("[tier: Simple ] hi", Command("SIMPLE"), "hi"),
        ("/tier complex\nno, [tier:simple] will do", Command("SIMPLE"), "no,  will do"),
        ("/tier auto", Command(), ""),
        ("/tier up!", Command(step=1), ""),
        ("/tier simple. List them", Command("SIMPLE"), "List them"),
    ],
)
def test_a_command_is_found_and_taken_out(text: str, command: Command, rest: str) -> None:
    found = commanded(text)
    assert (found.command, found.text) == (command, rest)


@pytest.mark.parametrize(
    "text",
    [
        "what does /tier complex do?",
        "/tiers complex",
        "/tier complexity is high",
        "/tier up-to-date x",
        "/tier simple/complex",
        "/tier complex.md is old",
        "add a [tier:gold] badge",
        "document `[tier:reasoning]` in the guide",
        "```\n/tier complex\n```\nexplain this",
        "```\n[tier:simple]",
        "a complex tier",
        "",
    ],
)
def test_what_only_speaks_of_tiers_commands_nothing(text: str) -> None:
    found = commanded(text)
    assert (found.command, found.text) == (None, text)


def said(*texts: str) -> Signals:
    """The last one, after what was typed before it and answered."""
    talk = [each for text in texts for each in (user(text), assistant("Well."))]
    return read(anthropic(*talk[:-1]))


REASONING = Command("REASONING")


@pytest.mark.parametrize(
    ("texts", "command", "is_repeated"),
    [
        (["/tier reasoning"], REASONING, False),
        (["/tier reasoning", "yes"], REASONING, True),
        (["/tier reasoning", "yes", "go on"], None, False),
        (["/tier reasoning", "yes", "go on", "what is the capital of France?"], None, False),
        (["/tier reasoning", "fix it"], REASONING, True),
        (["/tier reasoning\nfix it", "and that"], None, False),
        (["/tier reasoning", "/tier reasoning fix it"], REASONING, False),
        (["/tier reasoning", "/tier simple"], Command("SIMPLE"), False),
        (["fix it", "and that"], None, False),
    ],
)
def test_a_command_by_itself_holds_for_the_message_directly_after_it(
    texts: list[str], command: Command | None, is_repeated: bool
) -> None:
    found = said(*texts)

    assert (found.command, found.is_command_repeated) == (command, is_repeated)


def test_a_notice_between_a_command_and_its_message_changes_nothing() -> None:
    found = read(anthropic(user("/tier reasoning"), user(REMINDER), assistant("."), user("fix it")))

    assert (found.command, found.is_command_repeated) == (REASONING, True)


def test_no_command_stands_in_what_tools_answer() -> None:
    found = read(anthropic(user("/tier reasoning"), assistant("."), *EXCHANGE))

    assert (found.command, found.is_command_repeated) == (None, False)


@given(st.text(alphabet="/tier compl[:]`x\n", max_size=200))
def test_a_text_that_commands_nothing_is_left_as_it_is(text: str) -> None:
    found = commanded(text)
    assert found.command is not None or found.text == text
