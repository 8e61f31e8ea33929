"""A vendor on a real socket: it answers as scripted, and refuses what the real one would refuse."""

import asyncio
import json
import threading
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from multidict import CIMultiDict

from proxy.wire.format import Format
from tests.fakes.fault import Fault
from tests.fakes.formats.all import SPEECHES
from tests.fakes.formats.speech import Incoming, Memory, Refused, Reply, Speech, Task, json_reply
from tests.fakes.provider import fake_provider
from tests.fakes.script import Answering, Asked, Billed, Step, answering
from tests.fakes.serving import Serving

AnyScript = Answering | Step | str | Iterable[Step | str]

_BODILESS = ("GET", "HEAD")


@dataclass
class FakeLlm:
    """The script may be replaced at any time; what was asked and charged stays to be looked at."""

    speech: Speech
    script: Answering
    key: str | None = None
    served: Collection[str] = ()
    """The models that there are; none: whatever is asked for."""
    max_output: int = 128_000
    counts: Callable[[Asked], int] = lambda asked: len(json.dumps(asked.body)) // 4
    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    """What an answer was wanted for, refused or not."""
    counted: list[Asked] = field(default_factory=list)
    embedded: list[Asked] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    """What was wrong with requests, in the vendor's words."""
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once an answer was wanted."""
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)
    billed: dict[str, Billed] = field(default_factory=lambda: defaultdict(Billed))
    memory: Memory = field(default_factory=Memory)
    broken: list[Exception] = field(default_factory=list)
    """What went wrong with the script or the fake itself; raised at the end."""

    @property
    def base_url(self) -> str:
        return self.url + self.speech.base

    def charge(self, model: str, billed: Billed) -> None:
        self.billed[model] = self.billed[model] + billed

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/" and request.method in _BODILESS:
            return web.Response(text="")
        try:
            return await self._handled(request)
        except Refused as refused:
            self.refused.append(refused.message)
            return _sent(self.speech.error(refused.status, refused.message, refused.code))
        except ConnectionError:
            raise
        except Exception as error:  # noqa: BLE001 -- whatever it is, it is told at the end
            self.broken.append(error)
            return _sent(self.speech.error(500, f"The fake is broken: {error!r}"))

    async def _handled(self, request: web.Request) -> web.StreamResponse:
        headers = CIMultiDict(request.headers)
        content = await request.read()
        incoming = Incoming(
            request.method, request.path, dict(request.query), headers, _json(content, request.method)
        )
        place = self.speech.place(incoming)
        if place is None:
            raise Refused(f"Nothing answers {request.method} {request.path}", status=404)
        if self.key is not None and self.key not in self.speech.keys(incoming):
            raise Refused("invalid api key", status=401)
        task, model = place
        if task in (Task.MODELS, Task.MODEL):
            return _sent(self._listed(task, model))
        if task is Task.EMBED:
            return _sent(self._embedded(incoming))
        asked = self.speech.asked(incoming, model, self.memory)
        return await self._answered(request, asked) if task is Task.ANSWER else _sent(self._counted(asked))

    async def _answered(self, request: web.Request, asked: Asked) -> web.StreamResponse:
        self.asked.append(asked)
        self.arrived.set()
        self._check_model(asked.model)
        self.speech.check(asked, self.memory, max_output=self.max_output)
        step = self.script(asked)
        serving = Serving(request, self.speech, asked, len(self.asked), self.memory, self.charge)
        return await (step.happen(serving) if isinstance(step, Fault) else serving.answered(step))

    def _embedded(self, incoming: Incoming) -> Reply:
        model = incoming.body.get("model", "")
        self._check_model(model)
        asked = Asked(self.speech.format, incoming.path_qs, incoming.headers, incoming.body, model)
        self.embedded.append(asked)
        tokens = self.counts(asked)
        self.charge(model, Billed(input=tokens))
        return json_reply(200, self.speech.embedded(asked, tokens))

    def _counted(self, asked: Asked) -> Reply:
        self.counted.append(asked)
        self._check_model(asked.model)
        self.speech.check(asked, self.memory, max_output=self.max_output)
        return json_reply(200, self.speech.counted(self.counts(asked)))

    def _listed(self, task: Task, model: str) -> Reply:
        if task is Task.MODELS:
            return json_reply(200, self.speech.models(self.served or ["fake-model"]))
        self._check_model(model)
        return json_reply(200, self.speech.model(model))

    def _check_model(self, model: str) -> None:
        if self.served and model not in self.served:
            raise self.speech.no_model(model)


@asynccontextmanager
async def fake_llm(
    format: Format | str,  # noqa: A002 -- the word of the domain
    script: AnyScript,
    *,
    key: str | None = None,
    models: Collection[str] = (),
    max_output: int = 128_000,
) -> AsyncIterator[FakeLlm]:
    """A script that runs out, or fails, fails the test at the end of the context."""
    fake = FakeLlm(SPEECHES[Format(format)], answering(script), key, models, max_output)
    async with fake_provider(fake.handle) as provider:
        fake.url, fake.hung_up = provider.url, provider.hung_up
        yield fake
    for error in fake.broken:
        raise error


@contextmanager
def running_fake(
    format: Format | str,  # noqa: A002 -- as above
    script: AnyScript,
    **settings: Any,
) -> Iterator[FakeLlm]:
    """The same on a thread with a loop of its own, for tests that are not asynchronous."""
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        fake = fake_llm(format, script, **settings)
        entered = runner.run(fake.__aenter__())
        thread = threading.Thread(target=loop.run_forever, name="fake", daemon=True)
        thread.start()
        try:
            yield entered
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            runner.run(fake.__aexit__(None, None, None))


def _sent(reply: Reply) -> web.Response:
    return web.Response(body=reply.body, status=reply.status, headers=reply.headers)


def _json(content: bytes, method: str) -> Any:
    if method in _BODILESS:
        return {}
    try:
        body = json.loads(content)
    except ValueError as error:
        raise Refused("We could not parse the JSON body of your request.") from error
    if not isinstance(body, dict):
        raise Refused("The body of a request must be an object.")
    return body
