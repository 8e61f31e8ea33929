"""What Qt costs the proxy: plain asyncio, stock qasync and our loop, side by side.

    python -m benchmarks.loop [--pairs 5] [--seconds 1.5]

Every figure comes from a process of its own: a minimal aiohttp reverse proxy on the loop in question,
alone on its core. Upstream and load generator share another core and speak bare HTTP over sockets, so
that the proxy is the one that limits. The loops take turns within a round, and a figure means something
only beside asyncio's of the same round: machines are noisy.

The proxy forwards each chunk of a stream with a write of its own. In a burst it finds many together in a
turn, so the loop hardly matters there; when the chunks are paced every chunk comes alone and costs turns.
"""

import argparse
import asyncio
import contextlib
import json
import logging
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import psutil
from aiohttp import web

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # run as a file
    sys.path.insert(0, str(ROOT))

LOOPS = ("asyncio", "qasync", "ours")
BARS = {"requests/s": 0.85, "chunks/s": 0.80}

CLIENTS = 16
CHUNKS = 200
PAUSES = {b"/burst": 0.0, b"/paced": 0.002}  # seconds between the chunks of a stream
WARM_UP = 0.3
BODY = b"x" * 4096
CHUNK = b'data: {"type":"content_block_delta","delta":{"text":"tok"}}\n\n'
END = b"0\r\n\r\n"
DELAYS = (0.0002, 0.001, 0.0015, 0.005, 0.02, 0.05)


# The proxy under test


async def empty_turn_us(turns: int = 20_000) -> float:
    began = time.perf_counter()
    for _ in range(turns):
        await asyncio.sleep(0)
    return (time.perf_counter() - began) / turns * 1e6


async def lateness_ms(rounds: int = 5) -> list[float]:
    loop = asyncio.get_running_loop()
    late = []
    for delay in DELAYS * rounds:
        due = loop.time() + delay
        await asyncio.sleep(delay)
        late.append((loop.time() - due) * 1e3)
    return late


async def proxy(upstream: str) -> None:
    session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), auto_decompress=False)

    async def forward(request: web.Request) -> web.StreamResponse:
        body = await request.read()
        async with session.post(upstream + request.path, data=body) as answer:
            response = web.StreamResponse(status=answer.status)
            await response.prepare(request)
            async for data, _ in answer.content.iter_chunks():
                await response.write(data)
            await response.write_eof()
            return response

    app = web.Application()
    app.router.add_post("/{path}", forward)
    runner = web.AppRunner(app, handle_signals=False, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    print(json.dumps({"port": port, "turn": await empty_turn_us(), "late": await lateness_ms()}), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await session.close()
    await runner.cleanup()


def run_proxy(loop: str, upstream: str) -> None:
    main = proxy(upstream)
    if loop == "asyncio":
        asyncio.run(main)
        return
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    if loop == "qasync":
        app = QApplication([])
        import qasync

        with qasync.QEventLoop(app) as stock:
            stock.run_until_complete(main)
    else:
        from ui.loop import run
        from ui.quit import Application

        run(main, Application([]))


# The upstream: answers at once, or in tiny chunks with a send for each


class Upstream(asyncio.Protocol):
    HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
    PIECE = b"%x\r\n%s\r\n" % (len(CHUNK), CHUNK)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport
        self.received = b""

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, found, body = self.received.partition(b"\r\n\r\n")
        if not found or len(body) < len(BODY):
            return
        self.received = b""
        path = head.split()[1]
        if path in PAUSES:
            self.transport.write(self.HEAD)
            self.stream(CHUNKS, PAUSES[path])
        else:
            self.transport.write(self.HEAD + self.PIECE * 4 + END)

    def stream(self, left: int, pause: float) -> None:
        if self.transport.is_closing():
            return
        if left:
            self.transport.write(self.PIECE)
            asyncio.get_running_loop().call_later(pause, self.stream, left - 1, pause)
        else:
            self.transport.write(END)


async def upstream() -> None:
    server = await asyncio.get_running_loop().create_server(Upstream, "127.0.0.1", 0)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()


# The load


class Client(asyncio.Protocol):
    """Sends the next request as soon as the last one is answered."""

    def __init__(self, path: str) -> None:
        self.request = (
            b"POST /%s HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
            b"content-length: %d\r\n\r\n%s" % (path.encode(), len(BODY), BODY)
        )
        self.seconds: list[float] = []
        self.tail = b""
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport
        self.ask()

    def ask(self) -> None:
        self.began = time.perf_counter()
        self.transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        self.tail = self.tail[-len(END) :] + data[-len(END) :]
        if self.tail.endswith(END):
            self.seconds.append(time.perf_counter() - self.began)
            self.tail = b""
            self.ask()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.lost.done():
            self.lost.set_result(None)


async def load(port: int, path: str, clients: int, seconds: float) -> None:
    loop = asyncio.get_running_loop()
    connected = [loop.create_connection(lambda: Client(path), "127.0.0.1", port) for _ in range(clients)]
    running = [client for _, client in await asyncio.gather(*connected)]
    await asyncio.sleep(WARM_UP)
    for client in running:
        client.seconds.clear()
    began = time.perf_counter()
    lost, _ = await asyncio.wait([client.lost for client in running], timeout=seconds)
    took = time.perf_counter() - began
    if lost:
        raise SystemExit("the proxy closed a connection")
    answered = [second for client in running for second in client.seconds]
    for client in running:
        client.transport.abort()
    print(json.dumps({"rate": len(answered) / took, "p50": statistics.median(answered) * 1e3}), flush=True)


# Putting them together


Told = Callable[[], dict[str, Any]]


@contextlib.contextmanager
def program(*arguments: object, core: int) -> Iterator[tuple[subprocess.Popen[str], Told]]:
    """Another role of this file; it talks in lines of JSON and ends when its stdin closes."""
    command = [sys.executable, __file__, *map(str, arguments)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    keep_on_core(process.pid, core)

    def told() -> dict[str, Any]:
        line = process.stdout.readline() if process.stdout else ""
        if not line:
            raise SystemExit(f"{arguments} ended with exit code {process.wait(10)} and said nothing")
        answer: dict[str, Any] = json.loads(line)
        return answer

    try:
        yield process, told
    finally:
        try:
            process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def keep_on_core(pid: int, index: int) -> None:
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(pid, {cores[index]})


def measured_load(port: int, path: str, clients: int, seconds: float) -> dict[str, Any]:
    with program("load", port, path, clients, seconds, core=0) as (_, told):
        return told()


def cpu_seconds(process: subprocess.Popen[str]) -> float:
    times = psutil.Process(process.pid).cpu_times()
    return float(times.user + times.system)


def measure(loop: str, upstream_port: int, direct_p50: float, seconds: float) -> dict[str, float]:
    with program("proxy", loop, f"http://127.0.0.1:{upstream_port}", core=-1) as (process, told):
        hello = told()
        one = measured_load(hello["port"], "plain", 1, seconds / 2)
        cpu = [cpu_seconds(process)]
        plain = measured_load(hello["port"], "plain", CLIENTS, seconds)
        cpu.append(cpu_seconds(process))
        burst = measured_load(hello["port"], "burst", CLIENTS, seconds)
        cpu.append(cpu_seconds(process))
        paced = measured_load(hello["port"], "paced", CLIENTS, seconds)
        cpu.append(cpu_seconds(process))
    ran = seconds + WARM_UP
    return {
        "requests/s": plain["rate"],
        "chunks/s": burst["rate"] * CHUNKS,
        "CPU us/request": (cpu[1] - cpu[0]) / (plain["rate"] * ran) * 1e6,
        "CPU us/chunk": (cpu[2] - cpu[1]) / (burst["rate"] * CHUNKS * ran) * 1e6,
        "... paced": (cpu[3] - cpu[2]) / (paced["rate"] * CHUNKS * ran) * 1e6,
        "added p50 ms": one["p50"] - direct_p50,
        "empty turn us": hello["turn"],
        "late min ms": min(hello["late"]),
        "late p50 ms": statistics.median(hello["late"]),
        "late max ms": max(hello["late"]),
    }


def compare(pairs: int, seconds: float) -> list[dict[str, dict[str, float]]]:
    rounds = []
    with program("upstream", core=0) as (_, told):
        port = told()["port"]
        for number in range(pairs):
            direct = measured_load(port, "plain", 1, seconds / 2)["p50"]
            order = LOOPS if number % 2 == 0 else LOOPS[::-1]
            rounds.append({loop: measure(loop, port, direct, seconds) for loop in order})
            print(f"round {number + 1} of {pairs} done", file=sys.stderr)
    return rounds


def report(rounds: list[dict[str, dict[str, float]]]) -> bool:
    print(f"{'median of ' + str(len(rounds)) + ' rounds':<16}" + "".join(f"{loop:>12}" for loop in LOOPS))
    for name in rounds[0]["ours"]:
        medians = [statistics.median(r[loop][name] for r in rounds) for loop in LOOPS]
        print(f"{name:<16}" + "".join(f"{value:>12,.2f}" for value in medians))
    met = True
    for name, bar in BARS.items():
        print(f"\n{name}, relative to asyncio in the same round (bar {bar:.2f})")
        for loop in LOOPS[1:]:
            ratios = [r[loop][name] / r["asyncio"][name] for r in rounds]
            median = statistics.median(ratios)
            print(f"  {loop:<8}" + "".join(f"{ratio:>7.2f}" for ratio in ratios) + f"   median {median:.2f}")
            met &= loop != "ours" or median >= bar
    print("\nbars met" if met else "\nbars NOT met")
    return met


def play(role: str, *arguments: str) -> None:
    logging.disable()  # when a measurement is over, its connections break in the middle
    if role == "proxy":
        run_proxy(*arguments)
    elif role == "upstream":
        asyncio.run(upstream())
    else:
        port, path, clients, seconds = arguments
        asyncio.run(load(int(port), path, int(clients), float(seconds)))


def main() -> int:
    if sys.argv[1:] and not sys.argv[1].startswith("-"):
        play(*sys.argv[1:])
        return 0
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pairs", type=int, default=5, help="rounds, each with every loop")
    parser.add_argument("--seconds", type=float, default=1.5, help="length of each measurement")
    options = parser.parse_args()
    return 0 if report(compare(options.pairs, options.seconds)) else 1


if __name__ == "__main__":
    sys.exit(main())
