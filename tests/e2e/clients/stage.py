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
from tests.fakes.server import AnyScript, FakeLlm, running_fake

CLIENT_SECONDS = 60
"""A run takes about a second; a client that waits for something takes for ever."""


@dataclass(frozen=True)
class Started:
    """A running client in a process group of its own, as a shell would start it."""

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


@dataclass(frozen=True)
class Stage:
    client: Client
    command: Path
    model: str
    fake: FakeLlm
    gateway: Program
    place: Place

    @contextlib.contextmanager
    def started(self, prompt: str) -> Iterator[Started]:
        found = {"PATH": os.environ["PATH"], "HOME": str(self.place.home), "TERM": "dumb"}
        process = subprocess.Popen(
            [self.command, *self.client.arguments(prompt)],
            cwd=self.place.work,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env={**found, **self.client.prepared(self.place, self.model)},
        )
        running = Started(self.client, process)
        try:
            yield running
        finally:
            running.close()

    def ask(self, prompt: str = "Please do it.") -> Said:
        with self.started(prompt) as running:
            return running.ended()

    def story(self, said: Said) -> str:
        """What happened, for the message of a test that fails."""
        asked = [f"{each.path} {each.tools} {each.results}" for each in self.fake.asked]
        parts = [said.text, said.errors, self.gateway.stderr, *asked, *self.fake.refused]
        return "\n".join(parts)


@contextlib.contextmanager
def staged(
    client: Client, upstream: Upstream, folder: Path, script: AnyScript, model: str = ""
) -> Iterator[Stage]:
    """Everything is new for each scenario, so that what one does to the health of a service stays there."""
    command = client.package.installed()
    place = folder / "client", folder / "work"
    for each in place:
        each.mkdir(exist_ok=True)
    with running_fake(upstream.format, script, key=KEY) as fake:
        upstream.configured(folder / "gateway", fake)
        told = {KEY_NAME: KEY}
        with program("serve", "--port", "0", home=folder / "gateway", **told) as gateway:
            ready = gateway.ready()
            yield Stage(
                client, command, model, fake, gateway, Place(*place, ready["url"], ready["token"])
            )
