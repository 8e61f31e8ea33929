"""Replies that say nothing of their own, and what had been said before them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.routing.signals.replies import is_short_reply
from proxy.routing.signals.task import Task
from tests.proxy.routing.signals.asking import (
    EXCHANGE,
    IMAGE,
    REMINDER,
    anthropic,
    assistant,
    call,
    read,
    result,
    user,
)

SHORT = (
    *("yes", "y", "ok", "go on", "continue", "do it", "sure, go ahead", "yes please", "sounds good", "lgtm"),
    *(
        "next",
        "1",
        "#2",
        "option b",
        "Option 3.",
        "B)",
        "ja",
        "weiter",
        "ja, mach weiter",
        "oui",
        "vale",
        "sí",
    ),
    *(
        "继续",
        "好的\uff0c继续",
        "はい",
        "👍",
        "👍🏽",
        "👍👍",
        "Yes!",
        "OK...",
        "ok 👍",
        "that's correct",
        "yes, do that",
    ),
    "let's go with the second approach",
)
NOT_SHORT = (
    *("yes, and add a cache for the parser", "no", "no, that is wrong", "stop", "wait", "not yet", "cancel"),
    *(
        "correct this please",
        "is this good?",
        "ok?",
        "why",
        "fix it",
        "undo",
        "continue but faster",
        "",
        "...",
    ),
    *("do it differently", "nein", "non", "yes " * 7, "the parser", "no, go on"),
)


@pytest.mark.parametrize("text", SHORT)
def test_a_reply_that_only_agrees_is_short(text: str) -> None:
    assert is_short_reply(text)
    assert is_short_reply(f"  {text.upper()} ")


@pytest.mark.parametrize("text", NOT_SHORT)
def test_a_reply_that_says_something_or_refuses_is_not(text: str) -> None:
    assert not is_short_reply(text)


@given(text=st.sampled_from([*SHORT, *NOT_SHORT]), word=st.text("qvxzж", min_size=3, max_size=9))
def test_a_word_of_content_makes_any_reply_say_something(text: str, word: str) -> None:
    assert not is_short_reply(f"{text} {word}")


TALK = (user("write a parser"), assistant("Shall I?"), user("yes"), assistant("Done."), user("ok, go on"))


def test_a_request_whose_last_words_only_agree_is_a_short_reply() -> None:
    assert read(anthropic(*TALK)).is_short_reply
    assert not read(anthropic(*TALK, assistant("?"), user("rename it"))).is_short_reply


def test_the_text_before_is_the_newest_one_that_says_something() -> None:
    assert read(anthropic(*TALK)).previous_text == "write a parser"
    assert (
        read(anthropic(user("one"), assistant("."), user("two"), assistant("."), user("y"))).previous_text
        == "two"
    )


def test_a_command_makes_a_reply_no_longer() -> None:
    assert read(
        anthropic(user("write a parser"), assistant("?"), user("yes [tier:reasoning]"))
    ).is_short_reply


def test_commands_by_themselves_say_nothing_of_their_own() -> None:
    talk = (
        user("write a parser"),
        assistant("."),
        user("/tier up"),
        assistant("."),
        user("ok [tier:simple]"),
    )

    assert read(anthropic(*talk, assistant("."), user("go on"))).previous_text == "write a parser"


def test_what_was_said_before_can_be_looked_at_as_if_it_were_said_again() -> None:
    asked = read(anthropic(user("prove that it halts"), assistant("Shall I?"), user("yes")))
    again = asked.as_said_before()

    assert (again.latest_user_text, again.is_short_reply, again.task) == (
        "prove that it halts",
        False,
        Task.REASONING,
    )
    assert replace(again).latest_user_text == "prove that it halts", "it stays so in what is made of it"
    assert "prove" not in repr(again)
    assert asked.latest_user_text == "yes"


def test_nothing_was_said_before_the_first_words() -> None:
    assert read(anthropic(user("yes"))).previous_text == ""
    assert read(anthropic()).previous_text == ""


def test_notices_and_pictures_are_passed() -> None:
    talk = (user("draw a tree"), assistant("."), user([IMAGE]), user(REMINDER), assistant("."), user("go on"))

    assert read(anthropic(*talk)).previous_text == "draw a tree"


def test_while_a_tool_answers_it_is_what_came_before_the_words_of_the_turn() -> None:
    asked = read(anthropic(user("write a parser"), assistant("."), user("now test it"), *EXCHANGE[1:]))

    assert (asked.is_tool_turn, asked.is_short_reply, asked.previous_text) == (True, False, "write a parser")


def test_results_of_tools_are_nothing_that_was_typed() -> None:
    work = (
        user("list the files"),
        assistant([call("t1")]),
        user([result("t1", "secret words")]),
        assistant("."),
    )

    assert read(anthropic(*work, user("yes"))).previous_text == "list the files"
