"""The model's part while a scenario is recorded: it knows who asks, and has its answer ready."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from zlib import crc32

from benchmarks.savings.record.hands import Hands
from benchmarks.savings.record.prose import prose
from benchmarks.savings.record.scenario import Act, Scenario, Step, Typed
from proxy.wire.format import Format
from tests.fakes import faults
from tests.fakes.fault import Fault
from tests.fakes.script import Asked, Billed, Call, Turn

_AGENT = "x-claude-code-agent-id"
_SUMMING_UP = ("summary of the conversation", "CONTEXT CHECKPOINT COMPACTION")
_FULL = 2_000_000
_SUMMARY_WORDS = 450
_SHOWN_OF_THINKING = 5
"""One word of the summary of a thought for so many tokens of it."""
_LETTERS_PER_TOKEN = 4


@dataclass(frozen=True)
class Played:
    """One request of the session, and what it was told."""

    asked: Asked
    call: str
    agent: int
    turn: int
    typed: bool
    text: str
    thought: str
    calls: tuple[Call, ...]
    output_tokens: int
    step: Step
    wait: float
    """Seconds that nobody did anything before it."""


class Thread:
    """One agent, by the call that starts it; the agents are numbered in the order of their calls."""

    def __init__(self, act: Act, number: int) -> None:
        self.prompt = act.told.split(" | ", 1)[1]
        self.agent = number
        self.steps = iter(act.steps)


@dataclass
class Playing:
    scenario: Scenario
    hands: Hands
    work: Path
    played: list[Played] = field(default_factory=list)
    """In the order of their arrival."""
    is_over: threading.Event = field(default_factory=threading.Event)
    """The main thread has said the last of the turn."""
    has_summed_up: threading.Event = field(default_factory=threading.Event)
    _turn: int = -1
    _is_first: bool = True
    _wait: float = 0.0
    _main: Iterator[Step] = field(default_factory=lambda: iter(()))
    _waiting: list[Thread] = field(default_factory=list)
    _started: int = 0
    _agents: dict[str, Thread] = field(default_factory=dict)
    _refused: Step | None = None
    """What is to be said once the client has made room; the other client looks at its bill instead."""

    def begins(self, typed: Typed) -> None:
        """The next text is about to be typed."""
        self._turn += 1
        self._main, self._is_first, self._wait = iter(typed.steps), True, typed.wait
        self.is_over.clear()

    def compacts(self, typed: Typed) -> None:
        """The user is about to ask for a summary."""
        self._wait = typed.wait
        self.has_summed_up.clear()

    def __call__(self, asked: Asked) -> Turn | Fault:
        if asked.headers.get(_AGENT):
            thread = self._agent(asked)
            return self._takes(asked, "subagent", thread.agent, next(thread.steps))
        if any(words in asked.user for words in _SUMMING_UP):
            self.has_summed_up.set()
            told = f"{self._summary()}\n\n{prose(self.scenario.name, _SUMMARY_WORDS)}"
            return self._takes(asked, "compaction", -1, Step(told, thinking=0))
        if not asked.tools:
            return self._takes(asked, "title", -1, Step(json.dumps({"title": self._title()}), thinking=0))
        step = self._refused or next(self._main)
        if step.is_full and asked.format is Format.ANTHROPIC and self._refused is None:
            self._refused = step
            return faults.context_overflow()
        self._refused = None
        for act in step.acts:
            if act.doing == "a":
                self._waiting.append(Thread(act, self._started))
                self._started += 1
        turn = self._takes(asked, "main", -1, step)
        self._is_first = False
        if not step.acts:
            self.is_over.set()
        return turn

    def _agent(self, asked: Asked) -> Thread:
        known = asked.headers[_AGENT]
        if known not in self._agents:
            asking = json.dumps(asked.body["messages"][0])
            thread = next(one for one in self._waiting if json.dumps(one.prompt)[1:-1] in asking)
            self._waiting.remove(thread)
            self._agents[known] = thread
        return self._agents[known]

    def _takes(self, asked: Asked, call: str, agent: int, step: Step) -> Turn:
        text = f"{step.text} {prose(step.text, step.more)}" if step.more else step.text
        tokens = self._thinking(asked, call, step)
        thought = prose(self._place(), tokens // _SHOWN_OF_THINKING) if tokens else ""
        calls = tuple(self.hands.call(act, self.work) for act in step.acts)
        said = text + "".join(json.dumps(one.arguments) for one in calls)
        output = tokens + max(1, len(said) // _LETTERS_PER_TOKEN)
        typed = call == "main" and self._is_first
        wait = self._wait
        if call in ("main", "compaction"):
            self._wait = 0.0
        self.played.append(
            Played(asked, call, agent, self._turn, typed, text, thought, calls, output, step, wait)
        )
        billed = Billed(
            _FULL if step.is_full else len(json.dumps(asked.body)) // _LETTERS_PER_TOKEN, output=output
        )
        wrapped = (
            f"<summary>\n{text}\n</summary>" if call == "compaction" and asked.headers.get("x-app") else text
        )
        return Turn(wrapped, thinking=thought or None, calls=calls, usage=billed)

    def _thinking(self, asked: Asked, call: str, step: Step) -> int:
        """Where a scenario says nothing, a little before what is done, as models do."""
        if step.thinking is not None or call != "main" or asked.thinking is False:
            return step.thinking or 0
        return 30 + crc32(self._place().encode()) % 170

    def _place(self) -> str:
        """Where the main thread is, whoever else may have asked in between."""
        return f"{self.scenario.name} {sum(one.call == 'main' for one in self.played)}"

    def _title(self) -> str:
        return " ".join(self.scenario.turns[0].text.split()[:5]).capitalize()

    def _summary(self) -> str:
        done = [turn.text for turn in self.scenario.turns[: self._turn + 1]]
        return "The user asked, one after the other:\n" + "\n".join(f"- {text}" for text in done)
