"""A client, the real gateway and a scripted upstream, connected over loopback."""

import contextlib
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.clients.client import Client, Place, Said
from tests.e2e.clients.upstreams import KEY, KEY_NAME, Upstream
from tests.e2e.program import Program, program
from tests.fakes.script import ToolResult, answering
from tests.fakes.server import AnyScript, FakeLlm, running_fake

CLIENT_SECONDS = 60
"""A run takes about a second; whoever needs this long waits for something that never comes."""

_PROMPT = "Please do it."


@dataclass(frozen=True)
class Running:
    """A client in a process group of its own, as a shell would start it."""

    client: Client
    process: "subprocess.Popen[str]"

    def interrupt(self) -> None:
        """As Ctrl-C does at a terminal: the whole group gets the signal."""
        os.killpg(self.process.pid, signal.SIGINT)

    def ended(self) -> Said:
        out, errors = self.process.communicate(timeout=CLIENT_SECONDS)
        return self.client.said([json.loads(line) for line in out.splitlines()], errors)

    def close(self) -> None:
        with contextlib.suppress(ProcessLookupError):  # it has ended, as it should
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()


@contextlib.contextmanager
def started(client: Client, place: Place, prompt: str = _PROMPT, model: str = "") -> Iterator[Running]:
    found = {"PATH": os.environ["PATH"], "HOME": str(place.home), "TERM": "dumb"}
    process = subprocess.Popen(
        [client.package.installed(), *client.arguments(prompt)],
        cwd=place.work,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**found, **client.prepared(place, model or client.model)},
    )
    running = Running(client, process)
    try:
        yield running
    finally:
        running.close()


@dataclass(frozen=True)
class Stage:
    client: Client
    place: Place
    gateway: Program
    fake: FakeLlm

    def plays(self, script: AnyScript) -> None:
        """For a scenario that must know where it happens."""
        self.fake.script = answering(script)

    def ask(self, prompt: str = _PROMPT, model: str = "") -> Said:
        with started(self.client, self.place, prompt, model) as running:
            return running.ended()

    def results(self) -> list[ToolResult]:
        """What came back to the upstream, in the order of the calls: where the fake gives ids, it counts them
        upwards, and a format without ids has nothing but the order."""
        came = list(self.fake.asked[-1].results)
        return sorted(came, key=lambda result: result.id) if self.fake.speech.call_prefix else came

    def story(self, said: Said) -> str:
        """What happened, for the message of a test that fails."""
        asked = [f"{each.path} {each.tools} {each.results}" for each in self.fake.asked]
        refused = [f"refused: {reason}" for reason in self.fake.refused]
        return "\n".join([said.text, said.errors, self.gateway.stderr, *asked, *refused])


@contextlib.contextmanager
def staged(client: Client, upstream: Upstream, folder: Path, script: AnyScript = ()) -> Iterator[Stage]:
    """Everything is new for each scenario, so that what one does to the health of a service stays there."""
    home = folder / "gateway"
    with running_fake(upstream.format, script, key=KEY) as fake:
        upstream.configured(home, fake)
        with program("serve", "--port", "0", home=home, **{KEY_NAME: KEY}) as gateway:
            yield Stage(client, Place.below(folder, gateway.ready()), gateway, fake)
