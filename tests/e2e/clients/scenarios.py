"""What the upstream says in each scenario, told without any format."""

import asyncio
import threading
from collections.abc import Sequence
from pathlib import Path

from aiohttp import web

from tests.e2e.clients.claude_code import ClaudeCode
from tests.e2e.clients.client import Client
from tests.fakes import faults
from tests.fakes.fault import Fault
from tests.fakes.script import Billed, Step, Turn
from tests.fakes.serving import Serving

Steps = Sequence[Step | str]

DONE = "All is done."
RECOVERED = "And here is the whole answer."

_HALF = Turn("Half of this answer is there when something happens to the rest of it, far away.")
_MORE_THAN_ANY_WINDOW = 2_000_000


def writing_editing_running(client: Client, work: Path) -> Steps:
    """A file is written, changed and shown; the model thinks before each step, and its thoughts are signed."""
    note = work / "note.txt"
    return [
        Turn("First a note.", thinking="What is to be done?", calls=(client.writes(note, "one\n"),)),
        Turn(thinking="One is not enough.", calls=(client.edits(note, "one", "two"),)),
        Turn(thinking="Is it there?", calls=(client.runs("cat note.txt && echo shown > shown.txt"),)),
        DONE,
    ]


def two_at_once(client: Client) -> Steps:
    return [Turn(calls=(client.runs("echo first"), client.runs("echo second"))), DONE]


def delegating(client: ClaudeCode) -> Steps:
    """The second turn answers the subagent."""
    return [Turn(calls=(client.delegates("Where is it?"),)), "It is in the attic.", DONE]


def too_long_to_compact(client: Client) -> Steps:
    return [faults.context_overflow()]


def compacted_after_refusal(client: Client) -> Steps:
    """The client notices only when it is refused, once there is something that it can leave out."""
    worked = [Turn(f"Step {n}.", calls=(client.runs(f"echo step {n}"),)) for n in range(3)]
    return [*worked, faults.context_overflow(), "<summary>Three steps went well.</summary>", RECOVERED]


def compacted_by_count(client: Client) -> Steps:
    """The client knows from what it is billed that the next turn would be too long."""
    billed = Billed(input=_MORE_THAN_ANY_WINDOW, output=5)
    return [Turn(calls=(client.runs("echo step"),), usage=billed), "One step went well.", RECOVERED]


def dying_once() -> Steps:
    """The connection breaks in the middle of an event, after text has been told."""

    async def happen(serving: Serving) -> web.StreamResponse:
        told, rest = _cut_in_text(serving)
        response = await serving.begun()
        await response.write(told + rest[: len(rest) // 2])
        serving.close()
        return response

    return [Fault("dies in the middle of its text", happen), RECOVERED]


class Hanging:
    """An answer that stops in the middle of its text, and stays; it tells when, and when nobody waits any more."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.abandoned = threading.Event()

    def steps(self) -> Steps:
        return [Fault("hangs in the middle of its text", self._happen)]

    async def _happen(self, serving: Serving) -> web.StreamResponse:
        response = await serving.begun()
        await response.write(_cut_in_text(serving)[0])
        self.begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.abandoned.set()
        raise AssertionError("unreachable")


def _cut_in_text(serving: Serving) -> tuple[bytes, bytes]:
    """The answer up to and with the first piece of text, and the event after that."""
    pieces = serving.pieces(_HALF)
    after = next(place for place, piece in enumerate(pieces) if b"Half" in piece) + 1
    return b"".join(pieces[:after]), pieces[after]
