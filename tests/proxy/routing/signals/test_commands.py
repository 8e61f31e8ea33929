"""What users command about tiers, within what they type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.routing.signals.commands import Command, commanded


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


@given(st.text(alphabet="/tier compl[:]`x\n", max_size=200))
def test_a_text_that_commands_nothing_is_left_as_it_is(text: str) -> None:
    found = commanded(text)
    assert found.command is not None or found.text == text
