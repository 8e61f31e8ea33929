"""What the gateway costs: beside a minimal aiohttp reverse proxy, and beside no proxy at all.

    python -m benchmarks.gateway [--rounds 3]

Every proxy is a process of its own, alone on its core; the provider and the clients share another one. Within
a round the three ways take turns, and a figure means something only beside those of the same run: machines
are noisy. `delay` is the time that a way adds to a request for one client at a time (for a stream: until its
end), `requests/s` is for 16 clients at once, `CPU` is what the proxy burns for one request.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import aiohttp
import psutil
from aiohttp import web

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # run as a file
    sys.path.insert(0, str(ROOT))

from benchmarks.memory import COMPLETION, MESSAGE, gateway  # noqa: E402 -- after the path is set
from benchmarks.traffic import anthropic_stream, chat_stream  # noqa: E402 -- after the path is set

CLIENTS: Final = 16
ALONE: Final = 0.4
TOGETHER: Final = 1.0
"""Seconds of measuring, with one client and with all of them."""
WAYS: Final = ("direct", "bare", "ours")


# The two other sides: who answers, and the proxy to be compared with. Each is a process of its own.


async def provider() -> None:
    """Answers at once, both APIs, whole and as a stream whose events come in one burst."""
    whole = {"/v1/messages": MESSAGE, "/v1/chat/completions": COMPLETION}
    events = {
        "/v1/messages": b"".join(anthropic_stream()),
        "/v1/chat/completions": b"".join(chat_stream()),
    }

    async def answer(request: web.Request) -> web.StreamResponse:
        body = await request.read()
        if request.path not in whole:
            raise web.HTTPNotFound
        if b'"stream":true' not in body.replace(b'": ', b'":'):
            return web.json_response(whole[request.path])
        return web.Response(body=events[request.path], content_type="text/event-stream")

    await serve(answer)


async def bare(upstream: str) -> None:
    """Reads the request, sends it on, hands the answer's pieces on as they come."""
    session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), auto_decompress=False)

    async def forward(request: web.Request) -> web.StreamResponse:
        body = await request.read()
        headers = {"content-type": "application/json"}
        async with session.post(upstream + request.path, data=body, headers=headers) as answer:
            response = web.StreamResponse(status=answer.status)
            response.content_type = answer.content_type
            await response.prepare(request)
            async for data in answer.content.iter_any():
                await response.write(data)
            await response.write_eof()
            return response

    await serve(forward)
    await session.close()


async def serve(handler: Callable[[web.Request], Any]) -> None:
    application = web.Application(client_max_size=1 << 26)
    application.router.add_post("/{path:.*}", handler)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(json.dumps({"url": f"http://127.0.0.1:{runner.addresses[0][1]}"}), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


@contextmanager
def started(role: str, *arguments: str) -> Iterator[tuple[psutil.Process, dict[str, str]]]:
    command = [sys.executable, "-m", "benchmarks.gateway", "--role", role, *arguments]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, text=True, **pipes) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield psutil.Process(process.pid), json.loads(process.stdout.readline())
        finally:
            process.stdin.close()
            process.wait(10)


# What is asked, and what it took


@dataclass(frozen=True)
class Case:
    name: str
    body: bytes
    provider: str = "a"
    stream: bool = False

    def asked_of(self, way: str) -> bytes:
        """The gateway is told the provider with the model; the others would not understand that."""
        model = f"{self.provider}/m" if way == "ours" else "m"
        return b'{"model":"%s","stream":%s,%s' % (
            model.encode(),
            b"true" if self.stream else b"false",
            self.body[1:],
        )

    @property
    def is_translated(self) -> bool:
        return self.provider == "o"


@dataclass
class Took:
    delays: list[float] = field(default_factory=list)
    per_second: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @property
    def delay(self) -> float:
        return statistics.median(self.delays)


def turn(size: int) -> bytes:
    return json.dumps(
        {"max_tokens": 100, "messages": [{"role": "user", "content": "word " * (size // 5)}]},
        separators=(",", ":"),
    ).encode()


def cases() -> list[Case]:
    return [
        Case("4 KB, whole", turn(4_000)),
        Case("200 KB, whole", turn(200_000)),
        Case("4 KB, 2,000 events", turn(4_000), stream=True),
        Case("4 KB, whole, translated", turn(4_000), "o"),
        Case("200 KB, whole, translated", turn(200_000), "o"),
        Case("4 KB, 2,000 events, translated", turn(4_000), "o", stream=True),
    ]


@dataclass(frozen=True)
class Way:
    name: str
    url: str
    headers: dict[str, str]
    process: psutil.Process | None

    def cpu_seconds(self) -> float:
        if self.process is None:
            return 0.0
        times = self.process.cpu_times()
        return float(times.user + times.system)


async def measure(session: aiohttp.ClientSession, way: Way, case: Case, took: Took) -> None:
    body = case.asked_of(way.name)
    # A translated request is an Anthropic client's; its provider speaks chat, also when it is asked directly.
    path = "/v1/chat/completions" if case.is_translated and way.name != "ours" else "/v1/messages"

    async def once() -> None:
        async with session.post(way.url + path, data=body, headers=way.headers) as answer:
            await answer.read()
            assert answer.status == 200, await answer.text()

    async def for_(seconds: float, note: Callable[[float], None]) -> None:
        ends = time.perf_counter() + seconds
        while (began := time.perf_counter()) < ends:
            await once()
            note(time.perf_counter() - began)

    await for_(ALONE / 4, lambda _: None)
    await for_(ALONE, took.delays.append)
    done: list[float] = []
    cpu, began = way.cpu_seconds(), time.perf_counter()
    await asyncio.gather(*(for_(TOGETHER, done.append) for _ in range(CLIENTS)))
    took.per_second.append(len(done) / (time.perf_counter() - began))
    took.cpu.append((way.cpu_seconds() - cpu) / len(done))


async def counting(session: aiohttp.ClientSession, way: Way) -> float:
    """Seconds for the estimate of a body of 1 MB; nobody is asked as no chat provider counts."""
    body = b'{"model":"o/m",' + turn(1_000_000)[1:]
    seconds: list[float] = []
    for _ in range(30):
        began = time.perf_counter()
        async with session.post(
            f"{way.url}/v1/messages/count_tokens", data=body, headers=way.headers
        ) as answer:
            await answer.read()
            assert answer.status == 200, await answer.text()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


def pinned(processes: Sequence[psutil.Process]) -> None:
    """The proxies have the first core, everybody else the second."""
    if not hasattr(os, "sched_setaffinity") or len(cores := sorted(os.sched_getaffinity(0))) < 2:
        return
    for process in processes:
        process.cpu_affinity(cores[:1])
    os.sched_setaffinity(0, cores[1:2])


async def compare(rounds: int) -> None:
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "home"
        of_provider, upstream = stack.enter_context(started("provider"))
        of_bare, there = stack.enter_context(started("bare", "--upstream", upstream["url"]))
        of_ours, ready = stack.enter_context(gateway(home, upstream["url"]))
        pinned([of_bare, of_ours])
        if hasattr(os, "sched_setaffinity"):
            of_provider.cpu_affinity(sorted(os.sched_getaffinity(0)))
        json_type = {"content-type": "application/json"}
        ways = [
            Way("direct", upstream["url"], json_type, None),
            Way("bare", there["url"], json_type, of_bare),
            Way("ours", ready["url"], {**json_type, "x-api-key": ready["token"]}, of_ours),
        ]
        took = {(case.name, way): Took() for case in cases() for way in WAYS}
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
            for number in range(rounds):
                for case in cases():
                    for way in ways:
                        progress(f"{number + 1}/{rounds}  {case.name}: {way.name}")
                        await measure(session, way, case, took[case.name, way.name])
            count = await counting(session, ways[-1])
    progress("")
    table(took)
    print(f"\nthe count of a request of 1 MB: {1000 * count:.1f} ms with its way there and back")


def progress(text: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K{text}")


def table(took: dict[tuple[str, str], Took]) -> None:
    print(f"{'':30}  {'delay, ms':>20}  {'requests/s':>22}  {'CPU, ms':>20}")
    print(f"{'':30}  {'bare   ours   ratio':>20}  {'bare    ours   ratio':>22}  {'bare   ours   ratio':>20}")
    for case in cases():
        direct, plain, ours = (took[case.name, way] for way in WAYS)
        added = [1000 * (each.delay - direct.delay) for each in (plain, ours)]
        rate = [statistics.median(each.per_second) for each in (plain, ours)]
        cpu = [1000 * statistics.median(each.cpu) for each in (plain, ours)]
        print(
            f"{case.name:30}  {added[0]:6.2f} {added[1]:6.2f} {added[1] / added[0]:6.2f}"
            f"  {rate[0]:7.0f} {rate[1]:7.0f} {rate[1] / rate[0]:6.2f}"
            f"  {cpu[0]:6.2f} {cpu[1]:6.2f} {cpu[1] / cpu[0]:6.2f}"
        )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--role", choices=["provider", "bare"], help=argparse.SUPPRESS)
    options.add_argument("--upstream", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    match chosen.role:
        case "provider":
            asyncio.run(provider())
        case "bare":
            asyncio.run(bare(chosen.upstream))
        case _:
            asyncio.run(compare(chosen.rounds))


if __name__ == "__main__":
    main()
