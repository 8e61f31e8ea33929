"""The counts for monitoring programs, in their text form to the letter."""

import re
from pathlib import Path

import pytest

from proxy.config import Config
from proxy.exchange import Origin
from proxy.server.dashboard.counters import Counters
from tests.fakes import faults
from tests.fakes.server import fake_llm
from tests.proxy.configured import configured
from tests.proxy.ledger.made import attempt, exchange, failed, refused
from tests.proxy.server.dashboard.stage import dashboard
from tests.proxy.talk import ASKED

_LABEL = r'([a-z_]+)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"'
_SAMPLE = re.compile(rf"([a-z_]+)(?:\{{({_LABEL}(?:,{_LABEL})*)\}})? (\S+)")

Labels = frozenset[tuple[str, str]]
Samples = dict[tuple[str, Labels], float]


def parsed(text: str) -> Samples:
    """Fails on whatever the format does not allow."""
    assert text.endswith("\n")
    samples: Samples = {}
    declared: dict[str, str] = {}
    for line in text[:-1].split("\n"):
        if line.startswith("# HELP "):
            assert line.split(" ")[2] not in declared
            continue
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            assert kind in ("counter", "gauge")
            assert (kind == "counter") == name.endswith("_total")
            declared[name] = kind
            continue
        found = _SAMPLE.fullmatch(line)
        assert found is not None, line
        assert found[1] in declared
        labels = frozenset((name, _meant(value)) for name, value in re.findall(_LABEL, found[2] or ""))
        assert (found[1], labels) not in samples
        samples[found[1], labels] = float(found[len(found.groups())])
    return samples


def _meant(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: {"n": "\n"}.get(found[1], found[1]), text)


def sample(samples: Samples, name: str, **labels: str) -> float:
    return samples[f"tierwise_{name}", frozenset(labels.items())]


async def test_what_has_happened_is_counted(tmp_path: Path) -> None:
    async with fake_llm("anthropic", [faults.overloaded(), "Hello"]) as fake:
        config = configured(
            providers={
                name: {"kind": "anthropic-compatible", "base_url": fake.base_url, "key": "none"}
                for name in "ab"
            },
            tiers={"COMPLEX": {"services": ["a/m", "b/m"]}},
        )
        async with dashboard(tmp_path, config) as here:
            await here.ask(ASKED)
            status, text = await here.answer("/metrics")
    samples = parsed(text)
    assert status == 200
    assert sample(samples, "requests_total", provider="b", tier="COMPLEX", outcome="answered") == 1
    assert sample(samples, "attempts_total", provider="a", result="overloaded") == 1
    assert sample(samples, "attempts_total", provider="b", result="answered") == 1
    assert sample(samples, "tokens_total", provider="b", kind="output") == 5
    assert sample(samples, "ledger_ok") == 1
    assert sample(samples, "ledger_written_total") == 1
    assert sample(samples, "ledger_dropped_total") == 0
    assert sample(samples, "uptime_seconds") >= 0
    assert sample(samples, "open_requests") == 0


async def test_names_with_any_character_are_escaped(tmp_path: Path) -> None:
    name = 'a "quoted"\nname\\n with \\ and ü'
    async with dashboard(tmp_path, Config()) as here:
        here.running.gateway._books.record(exchange(attempt(f"{name}/m")))
        samples = parsed((await here.answer("/metrics"))[1])
    assert sample(samples, "requests_total", provider=name, tier="SIMPLE", outcome="answered") == 1


@pytest.mark.parametrize("n", [1_234_567, 10**12 + 1])
async def test_large_counts_are_told_to_the_last_digit(tmp_path: Path, n: int) -> None:
    async with dashboard(tmp_path, Config()) as here:
        here.running.gateway._books.counters.tokens["p", "input"] = n
        text = (await here.answer("/metrics"))[1]
    assert sample(parsed(text), "tokens_total", provider="p", kind="input") == n


async def test_an_idle_gateway_has_metrics_too(tmp_path: Path) -> None:
    async with dashboard(tmp_path, Config(), begun=False) as here:
        samples = parsed((await here.answer("/metrics"))[1])
    assert sample(samples, "ledger_written_total") == 0
    assert not [name for name, _ in samples if name == "tierwise_requests_total"]


def test_only_exchanges_of_its_origin_are_counted() -> None:
    counters = Counters(Origin.CLIENT)
    for each in (exchange(), exchange(origin=Origin.PROBE), exchange(origin=Origin.TEST), failed(refused())):
        counters.record(each)
    assert counters.total == 2
    assert set(counters.requests) == {("anthropic", "SIMPLE", "answered"), ("none", "none", "failed")}
    assert counters.tokens["anthropic", "cache_read"] == 30_000
