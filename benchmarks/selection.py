"""What choosing who answers costs: one selection and its parts, how it grows, and reading signals.

    python -m benchmarks.selection [--quick] [--profile]

The usual case: a tier route with 20 services at 5 providers and 10 rules, of which the last one holds, and
the 200th message of a session that has a pin. The signals of a request are read once for all that decides
about it; they are measured by themselves, cold and as on the next turn of a conversation.
"""

import argparse
import asyncio
import cProfile
import gc
import json
import os
import platform
import pstats
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final

import msgspec

from benchmarks.table import Table
from proxy.config import TIER_NAMES, Config
from proxy.exchange import Attempt, Exchange, Outcome, Surface
from proxy.money.budget import BudgetSums
from proxy.routing.selection.context import Candidates, SelectionContext
from proxy.routing.selection.decision import Decision
from proxy.routing.selection.selector import Selector
from proxy.routing.selection.stage import Stage, StageResult
from proxy.routing.signals import Looked, Messages, Signals, signals
from proxy.secret import Secret
from proxy.server.choosing.choosing import Choosing
from proxy.server.choosing.world import World
from proxy.upstream.outward import Outward
from proxy.wire.format import Format
from proxy.wire.splice import Body

SELECTION_BAR_US: Final = 150.0
SIGNALS_BARS_MS: Final = {200: 1.0, 1024: 5.0}
"""By the size of a body in kB, of which nothing is known yet."""
LINEAR: Final = 1.6
"""How much dearer per item a curve may become from its middle to its end."""
USUAL: Final = (20, 10, 200)
SERVICES: Final = (1, 10, 20, 50, 100, 200)
RULES: Final = (1, 10, 25, 50, 100)
MESSAGES: Final = (1, 20, 200, 1000, 2000)
PROVIDERS: Final = 5


# What is chosen among


class NoKeys:
    async def get(self, _name: str) -> Secret | None:
        return None


def conditions() -> Iterator[dict[str, Any]]:
    """Of all sorts, none of which holds."""
    while True:
        yield {"signal": "model", "op": "contains", "value": "mini"}
        yield {"signal": "tokens", "op": "ge", "value": 9_000_000}
        yield {"signal": "kind", "op": "equals", "value": "compaction"}
        yield {"signal": "latest_user_text", "op": "contains", "value": "no such words"}
        yield {"signal": "client", "op": "glob", "value": "codex*"}


def configuration(services: int, rules: int) -> Config:
    entries = [{"provider": f"p{at % PROVIDERS}", "model": f"model-{at}"} for at in range(services)]
    kinds = conditions()
    fast = [{"name": f"rule {at}", "when": [next(kinds)], "services": entries[:2]} for at in range(rules)]
    if fast:
        fast[-1]["when"] = [{"signal": "turn", "op": "ge", "value": 1}]
        fast[-1]["services"] = entries[-2:]
    provider = {"kind": "openai-compatible", "key": "none"}
    tiers = {
        tier: {"services": entries[at::4], "tactic": "latency"}
        for at, tier in enumerate(TIER_NAMES)
        if entries[at::4]
    }
    tables = {
        "providers": {
            f"p{at}": {**provider, "base_url": f"http://p{at}.example/v1"} for at in range(PROVIDERS)
        },
        "tiers": tiers,
        "rules": fast,
    }
    return msgspec.convert(tables, Config)


# What is asked


def message(at: int, size: int) -> dict[str, Any]:
    """Typed, then calls and results by turns."""
    words = "word " * (size // 5)
    if at == 0:
        return {"role": "user", "content": words}
    id_ = f"toolu_{(at + 1) // 2}"
    if at % 2:
        call = {"type": "tool_use", "id": id_, "name": "read", "input": {"path": f"/src/{at}.py"}}
        return {"role": "assistant", "content": [{"type": "text", "text": words}, call]}
    result = {"type": "tool_result", "tool_use_id": f"toolu_{at // 2}", "content": words}
    return {"role": "user", "content": [result]}


def body_of(messages: int, size: int = 400) -> Body:
    """It ends in something typed."""
    said = [message(at, size) for at in range(messages - 1)]
    if said and said[-1]["role"] == "assistant":
        said[-1] = {"role": "assistant", "content": "Done."}
    said.append({"role": "user", "content": "Go on with the next one, please."})
    tools = [{"name": f"tool_{at}", "input_schema": {"type": "object"}} for at in range(20)]
    asked = {"model": "claude-sonnet-4-5", "max_tokens": 1000, "tools": tools, "messages": said}
    return Body(json.dumps(asked).encode())


def looked(body: Body) -> Looked:
    return Looked(
        body=body,
        format=Format.ANTHROPIC,
        surface="messages",
        client="claude-code",
        model="claude-sonnet-4-5",
        headers={"x-claude-code-session-id": "s1"},
    )


@dataclass(frozen=True, slots=True)
class Case:
    """A gateway's choosing, and one request."""

    choosing: Choosing
    asked: Signals

    def decide(self) -> Decision:
        return self.choosing.decide(self.choosing.selector, self.asked)


def case_of(services: int, rules: int, messages: int) -> Case:
    config = configuration(services, rules)
    out = Outward(config, NoKeys())
    spent = BudgetSums(at=time.time())
    world = World(
        board=out.board,
        keys=out.keys,
        catalogue=out.catalogue,
        in_flight=out.in_flight,
        budget=lambda: spent.state(config.budgets, time.time()),
    )
    choosing = Choosing(config, world, Random(1))
    asked = signals(looked(body_of(messages)), world.messages)
    _answer(choosing, asked)
    return Case(choosing, asked)


def _answer(choosing: Choosing, asked: Signals) -> None:
    """Once, so that the session has a pin."""
    decision = choosing.decide(choosing.selector, asked)
    exchange = Exchange("req_1", Surface.MESSAGES, "claude-code", asked.model, Format.ANTHROPIC)
    choosing.follow.sent(exchange, decision)
    exchange.serving = Attempt(decision.candidates[0].service, outcome=Outcome.ANSWERED)
    choosing.follow.over(exchange, decision)


# How long


def times_us(work: Callable[[], object], rounds: int) -> list[float]:
    """Without what others on this machine take, as far as that can be kept out: collected between rounds."""
    for _ in range(min(rounds, 100)):
        work()
    gc.collect()
    gc.disable()
    found = []
    try:
        for _ in range(rounds):
            began = time.perf_counter_ns()
            work()
            found.append((time.perf_counter_ns() - began) / 1000)
    finally:
        gc.enable()
    return found


def p99(times: Sequence[float]) -> float:
    return sorted(times)[int(len(times) * 0.99)]


class Timed:
    """A stage that adds up how long it took."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.name = stage.name
        self.times: list[float] = []

    def evaluate(self, context: SelectionContext, candidates: Candidates) -> StageResult:
        began = time.perf_counter_ns()
        found = self._stage.evaluate(context, candidates)
        self.times.append((time.perf_counter_ns() - began) / 1000)
        return found


def tell_selection(table: Table, rounds: int) -> None:
    times = times_us(case_of(*USUAL).decide, rounds)
    median = statistics.median(times)
    services, rules, messages = USUAL
    table.tell(
        f"{services} services, {rules} rules, {messages} messages",
        f"median {median:6.1f} us   p99 {p99(times):6.1f} us   best {min(times):6.1f} us",
        f"median {SELECTION_BAR_US:g} us",
        met=median < SELECTION_BAR_US,
    )


def tell_parts(table: Table, rounds: int) -> None:
    """Of a session that has to be balanced anew, so that all stages have something to do."""
    case = case_of(*USUAL)
    selector = case.choosing.selector
    route = selector.route_of(case.asked)
    thread = selector.thread(case.asked, route)
    world = case.choosing.world
    snapshot = times_us(lambda: world.snapshot(selector, route, thread, None, None), rounds)
    table.tell("  snapshot", f"median {statistics.median(snapshot):6.1f} us")
    stages = [Timed(stage) for stage in selector.stages(route)]
    _with_stages(selector, stages)
    case.choosing.world.affinity.release(lambda _pin: True)
    whole = times_us(case.decide, rounds)
    for stage in stages:
        table.tell(f"  {stage.name}", f"median {statistics.median(stage.times):6.1f} us")
    inside = sum(statistics.median(stage.times) for stage in stages) + statistics.median(snapshot)
    table.tell("  order, verdicts, effects, the rest", f"median {statistics.median(whole) - inside:6.1f} us")
    table.tell("  all of it, without a pin", f"median {statistics.median(whole):6.1f} us")


def _with_stages(selector: Selector, stages: Sequence[Stage]) -> None:
    for name in selector._pipelines:  # noqa: SLF001 -- to look between the stages
        selector._pipelines[name] = tuple(stages)  # noqa: SLF001 -- the same


def tell_curve(
    table: Table, name: str, counts: Sequence[int], case: Callable[[int], Case], rounds: int
) -> None:
    medians = [statistics.median(times_us(case(count).decide, rounds)) for count in counts]
    told = "  ".join(f"{count}: {median:.0f}" for count, median in zip(counts, medians, strict=True))
    first, middle, last = 0, len(counts) // 2, len(counts) - 1
    begin = (medians[middle] - medians[first]) / (counts[middle] - counts[first])
    end = (medians[last] - medians[middle]) / (counts[last] - counts[middle])
    is_linear = end <= max(begin * LINEAR, 0.02)
    table.tell(f"us by {name}", told, "linear", met=is_linear)


def tell_curves(table: Table, rounds: int) -> None:
    services, rules, messages = USUAL
    tell_curve(table, "services", SERVICES, lambda count: case_of(count, rules, messages), rounds)
    tell_curve(table, "rules", RULES, lambda count: case_of(services, count, messages), rounds)
    tell_curve(table, "messages", MESSAGES, lambda count: case_of(services, rules, count), rounds)


def tell_signals(table: Table, rounds: int) -> None:
    for size in (20, *SIGNALS_BARS_MS):
        before, after = body_of(size, 950), body_of(size + 2, 950)
        data = after.data
        cold, warm = [], []
        for _ in range(rounds):
            known = Messages()
            cold += _ms(before.data, known)
            warm += _ms(data, known)
        bar = SIGNALS_BARS_MS.get(size)
        first, next_turn = statistics.median(cold), statistics.median(warm)
        table.tell(
            f"signals of {len(data) / 1000:.0f} kB, {size} messages",
            f"cold {first:6.2f} ms   next turn {next_turn:6.2f} ms",
            "" if bar is None else f"{bar:g} ms",
            met=bar is None or first < bar,
        )


def _ms(data: bytes, known: Messages) -> list[float]:
    began = time.perf_counter_ns()
    signals(looked(Body(data)), known)
    return [(time.perf_counter_ns() - began) / 1e6]


def tell_profile(rounds: int) -> None:
    """Where the time of the usual selection goes."""
    case, profile = case_of(*USUAL), cProfile.Profile()
    profile.enable()
    for _ in range(rounds):
        case.decide()
    profile.disable()
    pstats.Stats(profile).strip_dirs().sort_stats("tottime").print_stats(25)


def noise() -> str:
    """How much others compute here, which makes all times longer."""
    return f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}"


async def measure(rounds: int, *, profiled: bool) -> bool:
    table = Table(62)
    tell_selection(table, rounds * 10)
    tell_parts(table, rounds)
    tell_curves(table, rounds)
    tell_signals(table, max(rounds // 50, 5))
    if profiled:
        tell_profile(rounds)
    return table.is_met


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of the rounds")
    parser.add_argument("--profile", action="store_true", help="also tell where the time goes")
    chosen = parser.parse_args()
    print(noise())
    met = asyncio.run(measure(200 if chosen.quick else 2000, profiled=chosen.profile))
    print(noise())
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
