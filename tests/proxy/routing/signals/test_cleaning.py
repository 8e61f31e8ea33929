"""The one cleaning: programs' words go, the user's stay."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.routing.signals import cleaned


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("hello", "hello"),
        ("  hello \n", "hello"),
        ("hello <system-reminder>x</system-reminder>", "hello"),
        ("<system-reminder>x\ny</system-reminder>\nhello", "hello"),
        ("<task-notification id='1'>x</task-notification>hello", "hello"),
        ("<environment_context>cwd</environment_context>", ""),
        ("<user_instructions>x</user_instructions>hello", "hello"),
        ("<turn-context>x</turn-context>hello", "hello"),
        ("hello\n<environment_details>x</environment_details>", "hello"),
        ("<system-reminder>a<system-reminder>b</system-reminder>c</system-reminder>hello", "hello"),
        ("<system-reminder>a<task-notification>b</system-reminder>c</task-notification>hello", "hello"),
        ("what is <system-reminder> for?", "what is <system-reminder> for?"),
        (
            "what is <system-reminder> for? <system-reminder>x</system-reminder>",
            "what is <system-reminder> for?",
        ),
        ("what does </system-reminder> close?", "what does </system-reminder> close?"),
        ("<system-reminders>mine</system-reminders>", "<system-reminders>mine</system-reminders>"),
        ("<command-message>x</command-message><command-args>the diff</command-args>", "the diff"),
        ("<local-command-stdout>x</local-command-stdout>", ""),
        ("[Tierwise] served by a/b\nhello", "hello"),
        ("[tierwise is fine", "[tierwise is fine"),
        ("[SYSTEM NOTIFICATION - x] hello", ""),
        ("[Request interrupted by user]", ""),
        ("<conversation>x</conversation>", ""),
        ("<session_context>x", ""),
        ("<sessionStorage> is what?", "<sessionStorage> is what?"),
        ("This session is being continued from a previous conversation that ran out", ""),
        ("Another language model started to solve this and told what it has done:", ""),
        ("<system-reminder>x</system-reminder>[Request interrupted by user]", ""),
        ("x-anthropic-billing-header: cc=1; cch=abc;", ""),
        ("x-anthropic-billing-header: cc=1; cch=abc;\nYou are somebody", "You are somebody"),
    ],
)
def test_what_programs_say_goes_and_what_the_user_says_stays(said: str, left: str) -> None:
    assert cleaned(said) == left


_PIECES = [
    "<system-reminder>",
    "</system-reminder>",
    "<task-notification ",
    ">",
    "<",
    "[tierwise",
    "]",
    "a",
    "\n",
]


@given(st.lists(st.sampled_from(_PIECES), max_size=60).map("".join))
def test_nothing_is_ever_added(said: str) -> None:
    left = iter(said)
    assert all(character in left for character in cleaned(said))


@pytest.mark.parametrize(
    "piece", ["<system-reminder>", "<system-reminder ", "[tierwise", "</command-args>", " \t"]
)
def test_no_text_makes_it_slow(piece: str) -> None:
    def seconds(times: int) -> float:
        started = time.perf_counter()
        cleaned(piece * times + "<" + "[")
        return time.perf_counter() - started

    assert min(seconds(20_000) for _ in range(3)) < 0.5
