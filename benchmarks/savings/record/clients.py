"""The real clients at work on a scenario, in a home of their own."""

import os
import select
import time
from collections.abc import Callable, Mapping

from benchmarks.savings.record.playing import Playing
from benchmarks.savings.record.scenario import COMPACT, Scenario, Typed
from tests.e2e.clients.claude_code import ClaudeCode
from tests.e2e.clients.client import Place
from tests.e2e.clients.codex import Codex
from tests.e2e.clients.stage import started
from tests.e2e.clients.terminal import Terminal, at_terminal

_QUIET_SECONDS = 0.6
"""A client that still works moves something on its screen more often."""
_AT_MOST_SECONDS = 60.0


class _Claude(ClaudeCode):
    def __init__(self, model: str, environment: Mapping[str, str]) -> None:
        self._model, self._environment = model, environment

    def prepared(self, place: Place, model: str) -> dict[str, str]:
        return {**super().prepared(place, self._model), **self._environment}


class _Codex(Codex):
    """Each typed text is a run of its own, which resumes the one before."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self.resumed = ""

    def prepared(self, place: Place, model: str) -> dict[str, str]:
        return {**super().prepared(place, model), **self._environment}

    def arguments(self, prompt: str) -> list[str]:
        *options, text = super().arguments(prompt)
        return [*options, *(["resume", self.resumed] if self.resumed else []), "--", text]


def by_claude(scenario: Scenario, place: Place, playing: Playing, environment: Mapping[str, str]) -> None:
    """At a terminal, as people work."""
    with at_terminal(_Claude(scenario.model, environment), place) as terminal:
        terminal.until("shift+tab")
        for typed in scenario.turns:
            _quiet(terminal)
            _typed(terminal, typed, playing)
        _quiet(terminal)


def by_codex(scenario: Scenario, place: Place, playing: Playing, environment: Mapping[str, str]) -> None:
    client = _Codex(environment)
    for typed in scenario.turns:
        playing.begins(typed)
        with started(client, place, typed.text, scenario.model) as running:
            said = running.ended()
        if said.failed or not playing.is_over.is_set():
            raise RuntimeError(f"{scenario.name}: {typed.text!r}: {said.text} {said.errors}")
        client.resumed = client.resumed or said.events[0]["thread_id"]


BY_CLIENT: Mapping[str, Callable[[Scenario, Place, Playing, Mapping[str, str]], None]] = {
    "claude-code": by_claude,
    "codex": by_codex,
}


def _typed(terminal: Terminal, typed: Typed, playing: Playing) -> None:
    terminal.shown = b""
    if typed.text == COMPACT:
        playing.compacts(typed)
        ends = playing.has_summed_up
    else:
        playing.begins(typed)
        ends = playing.is_over
    if "\n" in typed.text:
        os.write(terminal.end, b"\x1b[200~" + typed.text.encode() + b"\x1b[201~")
        _quiet(terminal)
        os.write(terminal.end, b"\r")
    else:
        terminal.types(typed.text)
    until = time.monotonic() + _AT_MOST_SECONDS
    while not ends.is_set():
        _read(terminal, 0.1)
        if time.monotonic() > until:
            raise TimeoutError(f"{typed.text!r} was never finished: {terminal.shown[-1500:]!r}")


def _quiet(terminal: Terminal) -> None:
    while _read(terminal, _QUIET_SECONDS):
        pass


def _read(terminal: Terminal, seconds: float) -> bool:
    there, _, _ = select.select([terminal.end], [], [], seconds)
    if there:
        terminal.shown += os.read(terminal.end, 65536)
    return bool(there)
