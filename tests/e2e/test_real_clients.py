"""Real coding agents from npm, headless, through the real program to upstreams of every format."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from proxy.wire.format import Format
from tests.e2e.clients import scenarios
from tests.e2e.clients.claude_code import ClaudeCode
from tests.e2e.clients.client import Client, Place
from tests.e2e.clients.codex import PATCHING_MODEL, SCRIPTING_MODEL, Codex
from tests.e2e.clients.npm import MISSING
from tests.e2e.clients.stage import CLIENT_SECONDS, staged, started
from tests.e2e.clients.terminal import at_terminal
from tests.e2e.clients.upstreams import (
    HAIKU,
    TAKING_TURNS,
    TRANSLATED_FOR_CODEX,
    UPSTREAMS,
    Upstream,
)
from tests.e2e.program import program
from tests.fakes import faults
from tests.fakes.script import Billed, Script, Turn

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(300),
    pytest.mark.skipif(bool(MISSING), reason=MISSING),
]

CLAUDE_CODE, CODEX = ClaudeCode(), Codex()

HANG_UP_SECONDS = 1.0

each_client = pytest.mark.parametrize("client", [CLAUDE_CODE, CODEX], ids=lambda client: client.name)
each_upstream = pytest.mark.parametrize("upstream", UPSTREAMS, ids=lambda upstream: upstream.name)
each_translated = pytest.mark.parametrize(
    "upstream", TRANSLATED_FOR_CODEX, ids=lambda upstream: upstream.name
)


def test_claude_code_gets_its_answer_through_the_demo(tmp_path: Path) -> None:
    with program("demo", "--port", "0", home=tmp_path / "home") as demo:
        ready = demo.ready()
        with started(CLAUDE_CODE, Place.below(tmp_path, ready), "hi") as running:
            said = running.ended()
        assert said.text.startswith("This is the Tierwise demo"), said.errors + demo.stderr
        assert not said.failed
        demo.wait_for("messages -> demo/")


@each_upstream
@each_client
def test_a_text_is_shown(client: Client, upstream: Upstream, tmp_path: Path) -> None:
    answer = Turn("Grüße aus der Ferne.", usage=Billed(input=4321, output=12))
    with staged(client, upstream, tmp_path, [answer]) as stage:
        said = stage.ask("Say hello.")
        assert (said.text, said.failed) == (answer.text, False), stage.story(said)
        assert said.tokens == (4321, 12)
        (asked,) = stage.fake.asked
        assert "Say hello." in asked.user
        assert asked.model == upstream.model
        missing = [words for words in client.instructions if words not in json.dumps(asked.body)]
        assert missing == [], "instructions reach the model, wherever a client has them"
        billed = "x-anthropic-billing-header" in json.dumps(asked.body)
        assert not billed or upstream.format is Format.ANTHROPIC


@each_upstream
@each_client
def test_a_file_is_written_edited_and_shown(client: Client, upstream: Upstream, tmp_path: Path) -> None:
    with staged(client, upstream, tmp_path) as stage:
        stage.plays(scenarios.writing_editing_running(client, stage.place.work))
        said = stage.ask()
        assert (said.text, said.failed) == (scenarios.DONE, False), stage.story(said)
        assert (stage.place.work / "note.txt").read_text().strip() == "two", stage.story(said)
        assert (stage.place.work / "shown.txt").read_text() == "shown\n"
        results = stage.results()
        assert [result.is_error for result in results] == [False] * 3
        assert "two" in results[-1].text
        assert stage.fake.refused == []


@each_client
def test_a_conversation_stays_with_one_of_several_that_take_turns(client: Client, tmp_path: Path) -> None:
    with staged(client, TAKING_TURNS, tmp_path) as stage:
        stage.plays(scenarios.writing_editing_running(client, stage.place.work))
        said = stage.ask()
        assert said.text == scenarios.DONE, stage.story(said)
        first = {asked.model for asked in stage.fake.asked}
        stage.plays(scenarios.two_at_once(client))
        said = stage.ask()
        assert said.text == scenarios.DONE, stage.story(said)
        second = {asked.model for asked in stage.fake.asked} - first
        assert (len(first), len(second)) == (1, 1), "each stays where it began, and they take turns"


@each_upstream
@each_client
def test_two_calls_at_once_both_get_their_own_result(
    client: Client, upstream: Upstream, tmp_path: Path
) -> None:
    with staged(client, upstream, tmp_path, scenarios.two_at_once(client)) as stage:
        said = stage.ask()
        assert (said.text, said.failed) == (scenarios.DONE, False), stage.story(said)
        first, second = stage.results()
        assert ("first" in first.text, "second" in second.text) == (True, True), stage.story(said)
        assert stage.fake.refused == []


@each_upstream
def test_a_subagent_asks_beside_the_main_model_and_nobody_else_does(
    upstream: Upstream, tmp_path: Path
) -> None:
    with staged(CLAUDE_CODE, upstream, tmp_path, scenarios.delegating(CLAUDE_CODE)) as stage:
        said = stage.ask()
        assert (said.text, said.failed) == (scenarios.DONE, False), stage.story(said)
        offered = ["Agent" in asked.tools for asked in stage.fake.asked]
        assert offered == [True, False, True], "without a terminal no title is asked for"
        assert "It is in the attic." in stage.fake.asked[2].last_result.text
        assert "Where is it?" in stage.fake.asked[1].user


@each_upstream
def test_at_a_terminal_the_session_gets_its_title_beside_its_answer(
    upstream: Upstream, tmp_path: Path
) -> None:
    with (
        staged(CLAUDE_CODE, upstream, tmp_path, scenarios.titling) as stage,
        at_terminal(CLAUDE_CODE, stage.place) as terminal,
    ):
        terminal.until("shift+tab")  # its line of hints: it is ready
        terminal.types("Where does the narrow staircase lead?")
        terminal.until(scenarios.TITLE)
        terminal.until(scenarios.DONE.split()[-1])
        assert sorted(bool(asked.tools) for asked in stage.fake.asked) == [False, True]
        assert stage.fake.refused == []


@each_upstream
@each_client
def test_an_interrupt_hangs_up_on_the_upstream(client: Client, upstream: Upstream, tmp_path: Path) -> None:
    hanging = scenarios.Hanging()
    with (
        staged(client, upstream, tmp_path, hanging.steps()) as stage,
        started(client, stage.place) as running,
    ):
        assert hanging.begun.wait(CLIENT_SECONDS)
        running.interrupt()
        assert hanging.abandoned.wait(HANG_UP_SECONDS), stage.gateway.stderr
        running.ended()


@each_upstream
@each_client
def test_a_prompt_that_is_too_long_is_told_in_the_clients_own_words(
    client: Client, upstream: Upstream, tmp_path: Path
) -> None:
    with staged(client, upstream, tmp_path, [faults.context_overflow()]) as stage:
        said = stage.ask()
        assert said.failed
        assert client.too_long in said.text, stage.story(said)
        assert len(stage.fake.asked) == 1, "asking again cannot help"


@each_upstream
@pytest.mark.parametrize(
    ("client", "grows"),
    [(CLAUDE_CODE, scenarios.refused_for_length), (CODEX, scenarios.billed_for_length)],
    ids=["claude-code", "codex"],
)
def test_a_conversation_that_has_grown_too_long_is_compacted(
    client: Client, grows: Callable[[Client], scenarios.Steps], upstream: Upstream, tmp_path: Path
) -> None:
    with staged(client, upstream, tmp_path, grows(client)) as stage:
        said = stage.ask()
        assert (said.text, said.failed) == (scenarios.RECOVERED, False), stage.story(said)
        assert scenarios.SUMMARY in json.dumps(stage.fake.asked[-1].body)


@each_upstream
@each_client
def test_an_upstream_that_dies_is_asked_again(client: Client, upstream: Upstream, tmp_path: Path) -> None:
    with staged(client, upstream, tmp_path, scenarios.dying_once()) as stage:
        said = stage.ask()
        assert (said.text, said.failed) == (scenarios.RECOVERED, False), stage.story(said)
        assert len(stage.fake.asked) == 2


@each_client
def test_a_smaller_model_serves_what_was_shaped_for_a_bigger_one(client: Client, tmp_path: Path) -> None:
    script = faults.refuses_adaptive_thinking(Script(scenarios.two_at_once(client)))
    with staged(client, HAIKU, tmp_path, script) as stage:
        said = stage.ask()
        assert (said.text, said.failed) == (scenarios.DONE, False), stage.story(said)
        assert stage.fake.refused == [], "what this model takes is known beforehand"


@each_translated
def test_a_patch_as_free_text_comes_through_formats_without_such_tools(
    upstream: Upstream, tmp_path: Path
) -> None:
    with staged(CODEX, upstream, tmp_path) as stage:
        stage.plays(scenarios.patching(CODEX, stage.place.work))
        said = stage.ask(model=PATCHING_MODEL)
        assert (said.text, said.failed) == (scenarios.DONE, False), stage.story(said)
        assert (stage.place.work / "note.txt").read_text() == "two\n", stage.story(said)
        assert "note.txt" in stage.results()[-1].text
        assert stage.fake.refused == []


@each_translated
def test_tools_that_are_told_in_the_input_are_offered_as_well(upstream: Upstream, tmp_path: Path) -> None:
    with staged(CODEX, upstream, tmp_path, scenarios.programmed) as stage:
        said = stage.ask(model=SCRIPTING_MODEL)
        assert (said.text, said.failed) == (scenarios.DONE, False), stage.story(said)
        assert (stage.place.work / "note.txt").read_text() == "one\n", stage.story(said)
        assert stage.fake.refused == []
