"""Real coding agents from npm, headless, through the real program to upstreams of every format."""

import time
from pathlib import Path

import pytest

from tests.e2e.clients import scenarios
from tests.e2e.clients.claude_code import ClaudeCode
from tests.e2e.clients.client import Client, Place
from tests.e2e.clients.codex import PATCHING_MODEL, Codex
from tests.e2e.clients.npm import what_is_missing
from tests.e2e.clients.stage import started, staged
from tests.e2e.clients.upstreams import HAIKU, UPSTREAMS, Upstream
from tests.e2e.program import program
from tests.fakes import faults
from tests.fakes.script import Asked, Call, Turn

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(300),
    pytest.mark.skipif(bool(what_is_missing()), reason=what_is_missing()),
]

CLAUDE_CODE, CODEX = ClaudeCode(), Codex()

HANG_UP_SECONDS = 1.0

each_client = pytest.mark.parametrize("client", [CLAUDE_CODE, CODEX], ids=lambda client: client.name)
each_upstream = pytest.mark.parametrize("upstream", UPSTREAMS, ids=lambda upstream: upstream.name)


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
    with staged(client, upstream, tmp_path, ["Grüße aus der Ferne."]) as stage:
        said = stage.ask("Say hello.")
        assert (said.text, said.failed) == ("Grüße aus der Ferne.", False), stage.story(said)
        (asked,) = stage.fake.asked
        assert "Say hello." in asked.user
        assert asked.model == upstream.model
        assert client.instructions in asked.system


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
@each_client
def test_an_interrupt_hangs_up_on_the_upstream(client: Client, upstream: Upstream, tmp_path: Path) -> None:
    hanging = scenarios.Hanging()
    with staged(client, upstream, tmp_path, hanging.steps()) as stage, stage.started() as running:
        assert hanging.begun.wait(scenarios.PATIENCE_SECONDS)
        began = time.monotonic()
        running.interrupt()
        assert hanging.abandoned.wait(HANG_UP_SECONDS), stage.gateway.stderr
        assert time.monotonic() - began < HANG_UP_SECONDS
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
@each_client
def test_a_conversation_that_has_grown_too_long_is_compacted(
    client: Client, upstream: Upstream, tmp_path: Path
) -> None:
    with staged(client, upstream, tmp_path, client.grows_too_long()) as stage:
        said = stage.ask()
        assert (said.text, said.failed) == (scenarios.RECOVERED, False), stage.story(said)
        assert scenarios.SUMMARY in stage.fake.asked[-1].user + str(stage.fake.asked[-1].body)


@each_upstream
@each_client
def test_an_upstream_that_dies_is_asked_again(client: Client, upstream: Upstream, tmp_path: Path) -> None:
    with staged(client, upstream, tmp_path, scenarios.dying_once()) as stage:
        said = stage.ask()
        assert (said.text, said.failed) == (scenarios.RECOVERED, False), stage.story(said)
        assert len(stage.fake.asked) == 2


@each_client
def test_a_smaller_model_serves_what_was_shaped_for_a_bigger_one(client: Client, tmp_path: Path) -> None:
    script = faults.refuses_adaptive_thinking(scenarios.in_turn(scenarios.two_at_once(client)))
    with staged(client, HAIKU, tmp_path, script) as stage:
        said = stage.ask()
        assert (said.text, said.failed) == (scenarios.DONE, False), stage.story(said)
        assert stage.fake.refused == [], "what this model takes is known beforehand"
