"""What the upstream says in each scenario, told without any format."""

import asyncio
import json
import threading
from collections.abc import Sequence
from pathlib import Path

from aiohttp import web

from tests.e2e.clients.claude_code import ClaudeCode
from tests.e2e.clients.client import Client
from tests.e2e.clients.codex import Codex, patch
from tests.fakes import faults
from tests.fakes.fault import Fault
from tests.fakes.script import Asked, Billed, Call, Step, Turn
from tests.fakes.serving import Serving

Steps = Sequence[Step | str]

DONE = "All is done."
SUMMARY = "All steps went well."
RECOVERED = "And here is the whole answer."

_HALF = Turn("Half of this answer is there when something happens to the rest of it, far away.")
_MORE_THAN_ANY_WINDOW = 2_000_000


def writing_editing_running(client: Client, work: Path) -> Steps:
    """A file is written, changed and shown; before each step the model thinks, and its vendor signs it."""
    note = work / "note.txt"
    return [
        Turn("First a note.", thinking="What is to be done?", calls=(client.writes(note, "one\n"),)),
        Turn(thinking="One is not enough.", calls=(client.edits(note, "one", "two"),)),
        Turn(thinking="Is it there?", calls=(client.runs("cat note.txt && echo shown > shown.txt"),)),
        DONE,
    ]


def two_at_once(client: Client) -> Steps:
    """What is called first takes longer, so its result may be there last."""
    return [Turn(calls=(client.runs("sleep 0.2; echo first"), client.runs("echo second"))), DONE]


def delegating(client: ClaudeCode) -> Steps:
    """The second turn answers the subagent."""
    return [Turn(calls=(client.delegates("Where is it?"),)), "It is in the attic.", DONE]


def refused_for_length(client: Client) -> Steps:
    """The client is refused once there is something that it can leave out."""
    worked = [Turn(f"Step {n}.", calls=(client.runs(f"echo step {n}"),)) for n in range(3)]
    return [*worked, faults.context_overflow(), f"<summary>{SUMMARY}</summary>", RECOVERED]


def billed_for_length(client: Client) -> Steps:
    """The client sees by its bill that it should not go on like this."""
    billed = Billed(input=_MORE_THAN_ANY_WINDOW, output=5)
    return [Turn(calls=(client.runs("echo step"),), usage=billed), SUMMARY, RECOVERED]


def patching(client: Codex, work: Path) -> Steps:
    """A tool that takes free text takes it as its only argument where all tools are functions."""
    note = work / "note.txt"
    changed = Call("apply_patch", {"input": patch(note, "one", "two")})
    return [Turn(calls=(client.writes(note, "one\n"),)), Turn(calls=(changed,)), DONE]


def programmed(asked: Asked) -> Turn:
    """A program writes a file, by whatever name the tool for programs is offered."""
    if asked.results:
        return Turn(DONE)
    offered = [name for name in asked.tools if name.endswith("exec")]
    program = """await tools.exec_command({cmd: "echo one > note.txt"});"""
    return Turn(calls=tuple(Call(name, {"input": program}) for name in offered))


TITLE = "The_door_to_the_attic"


def titling(asked: Asked) -> Turn:
    """The title of a session is asked for beside its first turn: without tools, and in a form."""
    return Turn(DONE) if asked.tools else Turn(json.dumps({"title": TITLE}))


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
    """An answer that stops in the middle of its text; it tells when, and when nobody waits any more."""

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
