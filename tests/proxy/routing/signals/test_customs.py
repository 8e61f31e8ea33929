"""Kinds and tools that no list of programs tells: what a client was seen to do decides."""

from typing import Any

import pytest

from proxy.routing.signals import Kind, Messages, Signals, signals
from proxy.wire.format import Format
from tests.proxy.routing.signals.asking import EXCHANGE, anthropic, assistant, call, looked, result, user

NAMES = ("Bash", "Read", "Edit")
PROMPT = "You are the assistant of a program that is new. Name the session in a few words. Today is "

TITLED = PROMPT + "2026-11-21"


def offering(*names: str) -> list[dict[str, Any]]:
    return [{"name": name, "input_schema": {"type": "object"}} for name in names]


class Program:
    """One that nobody knows. Whatever it sends is noted, as the server does it."""

    def __init__(self, known: Messages | None = None) -> None:
        self.known = known or Messages()

    def sends(self, body: Any, session: str, written: Format = Format.ANTHROPIC) -> Signals:
        headers = {"x-session-id": session, "user-agent": "newcomer/1.0"}
        found = signals(looked(body, written, client="newcomer", headers=headers), self.known)
        self.known.customs.note(found.call)
        return found

    def titles(self, session: str, day: str = "2026-11-21", opener: str = "fix it") -> Signals:
        return self.sends(anthropic(user(opener), system=PROMPT + day), session)

    def works(self, session: str, *added: str) -> Signals:
        body = anthropic(user("fix it"), system="You are new.", tools=offering(*NAMES, *added))
        return self.sends(body, session)

    def lives(self, sessions: int, *added: str) -> "Program":
        for n in range(sessions):
            self.titles(f"s{n}")
            self.works(f"s{n}", *added)
        return self


@pytest.mark.parametrize(("sessions", "kind"), [(0, Kind.MAIN), (2, Kind.MAIN), (3, Kind.CHORE)])
def test_an_unknown_client_s_titles_are_chores_after_three_sessions(sessions: int, kind: Kind) -> None:
    program = Program().lives(sessions)

    assert program.titles("new").kind is kind
    assert program.works("new").kind is Kind.MAIN


def test_another_day_in_the_prompt_and_other_first_words_change_nothing() -> None:
    program = Program()
    for n, day in enumerate(
        ("Thursday, May 7, 2026, 9:00 AM", "Sat, June 13, 2026, 11:59 pm", "Mon, Sep 1, 2025, 1:07 AM")
    ):
        program.titles(f"s{n}", day, f"It is {day}. Fix it.")
        program.works(f"s{n}")

    found = program.titles("new", "Sunday, March 21, 2027, 10:00 PM", "Something else.")

    assert found.kind is Kind.CHORE


def test_a_question_without_tools_in_a_session_of_its_own_stays_what_it_is() -> None:
    program = Program().lives(9)
    kinds = [program.sends(anthropic(user("why?"), system="Answer."), f"q{n}").kind for n in range(9)]

    assert set(kinds) == {Kind.MAIN}


def test_a_client_that_only_ever_asks_without_tools_has_no_chores() -> None:
    program = Program()

    assert {program.titles(f"s{n}").kind for n in range(9)} == {Kind.MAIN}


@pytest.mark.parametrize(
    "body",
    [
        anthropic(user("hi"), system=TITLED, tools=offering("Bash")),
        anthropic(*EXCHANGE, system=TITLED),
        anthropic(assistant([call("t1")]), user([result("t1")]), system=TITLED),
        anthropic(user("hi"), assistant("Hi."), user("why?"), system=TITLED),
        anthropic(user("hi"), system=TITLED, max_tokens=64_000),
        anthropic(user("hi"), system=TITLED, output_config={"format": {"type": "json_schema"}}),
        anthropic(user("hi")),
    ],
)
def test_what_only_begins_like_a_chore_is_none(body: dict[str, Any]) -> None:
    assert Program().lives(3).sends(body, "new").kind is Kind.MAIN


@pytest.mark.parametrize(("kept", "kind"), [("resp_1", Kind.MAIN), (None, Kind.CHORE)])
def test_a_history_that_the_provider_keeps_is_one(kept: str | None, kind: Kind) -> None:
    body = {"input": [{"role": "developer", "content": TITLED}, user("hi")], "max_output_tokens": 1000}
    program = Program().lives(3)

    assert program.sends({**body, "previous_response_id": kept}, "new", Format.RESPONSES).kind is kind


def test_words_put_into_the_answerer_s_mouth_are_no_history() -> None:
    body = anthropic(user("fix it"), assistant("{"), system=TITLED)

    assert Program().lives(3).sends(body, "new").kind is Kind.CHORE


def test_a_shape_that_tells_more_goes_before_what_was_learned() -> None:
    program = Program().lives(3)
    headers = {"x-session-id": "new", "user-agent": "newcomer/1.0", "x-claude-code-agent-id": "a1"}
    body = anthropic(user("fix it"), system=TITLED)

    found = signals(looked(body, client="newcomer", headers=headers), program.known)

    assert (found.kind, found.call) == (Kind.SUBAGENT, None)


@pytest.mark.parametrize(
    ("written", "titles", "works"),
    [
        (
            Format.OPENAI_CHAT,
            {"messages": [{"role": "system", "content": PROMPT}, user("hi")], "max_tokens": 100},
            {"messages": [user("hi")], "tools": [{"type": "function", "function": {"name": "sh"}}]},
        ),
        (
            Format.RESPONSES,
            {"input": [{"role": "developer", "content": PROMPT}, user("hi")], "max_output_tokens": 100},
            {"input": "hi", "tools": [{"type": "function", "name": "sh"}]},
        ),
        (
            Format.GEMINI,
            {
                "systemInstruction": {"parts": [{"text": PROMPT}]},
                "contents": [{"parts": [{"text": "hi"}]}],
                "generationConfig": {"maxOutputTokens": 100},
            },
            {
                "contents": [{"parts": [{"text": "hi"}]}],
                "tools": [{"functionDeclarations": [{"name": "sh"}]}],
            },
        ),
    ],
)
def test_chores_are_learned_in_every_format(written: Format, titles: Any, works: Any) -> None:
    program = Program()
    for n in range(3):
        program.sends(titles, f"s{n}", written)
        program.sends(works, f"s{n}", written)
    other = {**titles, "contents": [], "input": [user("x")], "messages": [user("x")], "systemInstruction": ""}

    assert program.sends(titles, "new", written).kind is Kind.CHORE
    assert program.sends(works, "new", written).tool_names == {"sh"}
    assert program.sends(other, "newer", written).kind is Kind.MAIN


@pytest.mark.parametrize(
    ("limit", "opener", "kind"),
    [
        ({"max_tokens": 2_000}, "fix it", Kind.CHORE),
        ({"max_tokens": 2_001}, "fix it", Kind.MAIN),
        ({"max_tokens": 16_000}, "fix it", Kind.MAIN),
        ({"max_tokens": None}, "fix it", Kind.MAIN),
        ({"max_tokens": 2_000}, "fix it " * 2_000, Kind.MAIN),
    ],
)
def test_a_planner_that_begins_every_job_is_no_chore(limit: dict[str, Any], opener: str, kind: Kind) -> None:
    """Without tools, the first call of each job, and then somebody with tools does as it was planned."""
    program = Program()
    plan = anthropic(user(opener), system="Plan the job for another program.", **limit)
    found = [(program.sends(plan, f"s{n}"), program.works(f"s{n}")) for n in range(9)]

    assert {planned.kind for planned, _ in found[3:]} == {kind}


def test_a_long_first_request_is_no_chore_though_others_were() -> None:
    program = Program().lives(3)

    assert program.titles("new", opener="fix it " * 2_000).kind is Kind.MAIN
    assert program.titles("newer").kind is Kind.CHORE


def test_tools_without_names_are_tools_all_the_same() -> None:
    """Gemini's search is one: who searches beside the work asks a question of its own."""
    program = Program().lives(3)
    search = {"contents": [{"parts": [{"text": "hi"}]}], "tools": [{"googleSearch": {}}]}
    found = [program.sends(search, f"s{n}", Format.GEMINI) for n in range(3)]

    assert {each.call for each in found} == {None}
    assert program.sends(search, "new", Format.GEMINI).kind is Kind.MAIN


def test_nothing_is_learned_from_requests_that_ask_nothing() -> None:
    assert Program().sends({"input": "words to embed"}, "s", Format.OPENAI_CHAT).call is None


def test_nothing_is_learned_from_requests_that_tell_no_session() -> None:
    found = signals(looked(anthropic(user("hi"), tools=offering("Bash"))), Messages())

    assert (found.call, found.extra_tools) == (None, None)


def test_who_is_only_looked_at_is_not_learned_from() -> None:
    known = Messages()
    for n in range(9):
        headers = {"x-session-id": f"s{n}"}
        found = signals(looked(anthropic(user("hi"), tools=offering("Bash")), headers=headers), known)

    assert found.call is not None
    assert len(known.customs) == 0


def test_what_was_learned_can_be_asked_without_what_was_read() -> None:
    program = Program().lives(3)

    assert Program(Messages(customs=program.known.customs)).titles("new").kind is Kind.CHORE


def test_mcp_tools_beside_the_usual_ones_are_counted() -> None:
    program = Program().lives(3)

    assert program.works("a").extra_tools == 0
    assert program.works("b", "mcp__tracker__list", "mcp__tracker__close").extra_tools == 2
    assert program.titles("c").extra_tools == 0


def test_twelve_new_tools_change_no_kind_and_are_no_extra_ones_after_three_sessions() -> None:
    program = Program().lives(20)
    new = [f"New{n}" for n in range(12)]
    updated = [(program.titles(f"u{n}").kind, program.works(f"u{n}", *new)) for n in range(4)]

    assert [(title, found.kind) for title, found in updated] == [(Kind.CHORE, Kind.MAIN)] * 4
    assert [found.extra_tools for _, found in updated] == [12, 12, 12, 0]


def test_programs_under_one_client_s_name_have_habits_of_their_own() -> None:
    program = Program().lives(3)
    headers = {"x-session-id": "x", "user-agent": "another/1.0"}
    body = anthropic(user("hi"), tools=offering("Bash"))

    assert signals(looked(body, client="newcomer", headers=headers), program.known).extra_tools is None
