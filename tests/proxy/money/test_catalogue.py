"""Prices by host and name: how entries are found, and that those that ship agree with whom they are from."""

import re
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from genai_prices import Usage as TheirUsage
from genai_prices.data_snapshot import get_snapshot
from genai_prices.types import ClauseEquals, ModelInfo

from proxy.config import PROVIDER_KINDS
from proxy.money.catalogue import FILE, Catalogue
from proxy.money.cost import NANO, cost_of
from proxy.money.hosts import HOSTS, VENDORS
from proxy.money.matching import is_meant
from proxy.money.rates import Prices, Rate
from proxy.wire.canonical import Usage
from resources import resource
from tools.price_catalogue import compiled

SHIPPED = Catalogue(resource(FILE).read_bytes())
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC).timestamp()
PEAK = datetime(2026, 11, 21, 2, tzinfo=UTC).timestamp()


def small(**providers: Any) -> Catalogue:
    head = {
        "date": "2026-11-10",
        "source": "prices 1.2",
        "licence": "MIT, me",
        "url": "https://prices.example",
    }
    return Catalogue(msgspec.json.encode({**head, "providers": {"anthropic": {"models": []}, **providers}}))


def model(name: str, price: float, *match: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "match": list(match), "prices": [[price]], **more}


def entry(catalogue: Catalogue, kind: str, name: str, base_url: str = "") -> str | None:
    found = catalogue.find(kind, name, base_url, at=NOW)
    return None if found is None else found.id


def test_the_catalogue_says_where_it_is_from() -> None:
    catalogue = small()
    assert (catalogue.date, catalogue.licence) == ("2026-11-10", "MIT, me")
    assert catalogue.origin == "prices 1.2, https://prices.example"


def test_the_first_model_that_a_name_means_counts() -> None:
    catalogue = small(openai={"models": [model("gpt-x-mini", 1, "^gpt-x-mini"), model("gpt-x", 2, "^gpt-x")]})
    assert entry(catalogue, "openai", "gpt-x-mini-2026") == "openai/gpt-x-mini"
    assert entry(catalogue, "openai", "GPT-X-large") == "openai/gpt-x"


def test_a_model_without_a_price_keeps_its_names_from_wider_clauses() -> None:
    catalogue = small(openai={"models": [{"id": "gpt-x-audio"}, model("gpt-x", 2, "^gpt-x")]})
    assert entry(catalogue, "openai", "gpt-x-audio") is None


def test_the_name_as_it_is_has_precedence_over_what_it_comes_down_to() -> None:
    catalogue = small(groq={"models": [model("llama", 1, "=llama"), model("meta/llama", 2, "=meta/llama")]})
    assert entry(catalogue, "groq", "meta/llama") == "groq/meta/llama"
    assert entry(catalogue, "groq", "other/llama") == "groq/llama"


def test_a_host_whose_names_carry_meaning_takes_them_literally() -> None:
    catalogue = small(openrouter={"models": [model("z/glm", 1, "=z/glm"), model("glm", 1, "=glm")]})
    assert entry(catalogue, "openrouter", "z/glm") == "openrouter/z/glm"
    assert entry(catalogue, "openrouter", "z/glm:free") is None
    assert entry(catalogue, "openrouter", "other/glm") is None


def test_guests_are_served_at_the_prices_of_their_own_house() -> None:
    catalogue = small(
        google={"models": [model("gemini", 1)], "also": ["anthropic"]},
        anthropic={"models": [model("claude-x", 3)]},
    )
    assert entry(catalogue, "vertex", "claude-x@20260101") == "anthropic/claude-x"
    assert entry(catalogue, "vertex", "gemini") == "google/gemini"


def test_of_later_prices_the_last_that_holds_counts() -> None:
    later = [
        {"since": "2026-01-01", "prices": [[2]]},
        {"since": "2027-01-01", "prices": [[9]]},
        {"hours": ["01:00", "04:00"], "prices": [[4]]},
    ]
    catalogue = small(deepseek={"models": [model("deepseek-x", 1, later=later)]})
    at = {"before": 1_700_000_000.0 // 86_400 * 86_400 + 43_200, "noon": NOW, "peak": PEAK}
    found = {name: catalogue.find("deepseek", "deepseek-x", at=moment) for name, moment in at.items()}
    prices = {name: priced.prices for name, priced in found.items() if priced is not None}
    assert prices == {"before": Prices(Rate(1)), "noon": Prices(Rate(2)), "peak": Prices(Rate(4))}


@pytest.mark.parametrize(
    ("kind", "name", "base_url", "expected"),
    [
        ("anthropic", "claude-haiku-4-5-20251001", "", "anthropic/claude-haiku-4-5"),
        ("anthropic", "claude-sonnet-5[1m]", "", "anthropic/claude-sonnet-5"),
        ("anthropic", "claude-opus-5-5", "https://claude.example", "anthropic/claude-opus-5-5"),
        ("openai", "gpt-5-codex", "", "openai/gpt-5"),
        ("azure-openai", "gpt-5", "https://me.openai.azure.com", "openai/gpt-5"),
        (
            "azure-anthropic",
            "claude-sonnet-5",
            "https://me.services.ai.azure.com",
            "anthropic/claude-sonnet-5",
        ),
        ("bedrock", "us.anthropic.claude-sonnet-5-v1:0", "", "aws/regional.anthropic.claude-sonnet-5-v1:0"),
        ("bedrock", "global.anthropic.claude-sonnet-5-v1:0", "", "aws/global.anthropic.claude-sonnet-5-v1:0"),
        ("bedrock", "anthropic.claude-2.0", "", "anthropic/claude-2"),
        ("vertex", "claude-opus-5@20260724", "", "google/claude-opus-5"),
        ("vertex", "publishers/google/models/gemini-2.5-pro", "", "google/gemini-2.5-pro"),
        ("gemini", "models/gemini-2.5-pro", "", "google/gemini-2.5-pro"),
        ("openrouter", "anthropic/claude-opus-5.5", "", "openrouter/anthropic/claude-opus-5.5"),
        ("zai", "glm-5.3", "", "zai/GLM-5.3"),
        ("moonshot", "kimi-k3", "https://api.moonshot.cn/v1", "moonshotai/kimi-k3"),
        ("fireworks", "accounts/fireworks/models/kimi-k3", "", "fireworks/kimi-k3"),
        ("together", "zai-org/GLM-5.3", "", "together/zai-org/GLM-5.3"),
        ("openai-compatible", "kimi-k3", "https://api.moonshot.ai/v1", "moonshotai/kimi-k3"),
        ("openai-compatible", "gpt-5", "https://API.openai.com/v1", "openai/gpt-5"),
        ("anthropic-compatible", "glm-5.3", "https://api.z.ai/api/anthropic", "zai/GLM-5.3"),
        # an address is believed rather than the kind
        ("anthropic", "glm-5.3", "https://api.z.ai/api/anthropic", "zai/GLM-5.3"),
        ("anthropic", "claude-sonnet-5", "https://api.z.ai/api/anthropic", None),
        # whom we do not know has no prices, however familiar the names
        ("openai-compatible", "gpt-5", "https://models.example/v1", None),
        ("anthropic-compatible", "claude-haiku-4-5", "", None),
        ("ollama", "gpt-oss:120b", "http://10.0.0.7:11434", None),
        ("vllm", "claude-haiku-4-5", "", None),
        ("anthropic", "", "", None),
        ("anthropic", "unknown", "", None),
        ("openrouter", "auto", "", None),
    ],
)
def test_a_model_is_found_where_it_is_served(
    kind: str, name: str, base_url: str, expected: str | None
) -> None:
    assert entry(SHIPPED, kind, name, base_url) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("claude-opus-5-5", "anthropic/claude-opus-5-5"),
        ("claude-3.7-sonnet", "anthropic/claude-3-7-sonnet-latest"),
        ("anthropic/claude-haiku-4.5:nitro", "anthropic/claude-haiku-4-5"),
        ("us.anthropic.claude-sonnet-5-v1:0", "anthropic/claude-sonnet-5"),
        ("gpt-5", "openai/gpt-5"),
        ("o3", "openai/o3"),
        ("codex-mini-latest", "openai/codex-mini"),
        ("gemini-2.5-pro", "google/gemini-2.5-pro"),
        ("deepseek-chat", "deepseek/deepseek-chat"),
        ("kimi-k3", "moonshotai/kimi-k3"),
        ("glm-5.3", "zai/GLM-5.3"),
        ("grok-4", "x-ai/grok-4-0709"),
        ("codestral-latest", "mistral/codestral"),
        ("deepseek-r1:8b", None),
        ("deepseek-r1:latest", None),
        ("gpt-oss-20b", None),
        ("qwen3-coder", None),
        ("whisper-1", None),
        ("auto", None),
        ("", None),
    ],
)
def test_what_a_client_asks_for_is_the_vendors_own_model(name: str, expected: str | None) -> None:
    found = SHIPPED.by_name(name, NOW)
    assert (found and found.id) == expected


def test_every_kind_that_has_prices_is_a_kind_and_stands_in_the_file() -> None:
    assert set(HOSTS) <= set(PROVIDER_KINDS)
    hosts = {host for hosts in (*HOSTS.values(), *(vendors for _, vendors in VENDORS)) for host in hosts}
    assert hosts <= set(SHIPPED._file.providers)


def test_all_that_ships_can_be_read() -> None:
    for name, host in SHIPPED._file.providers.items():
        re.compile(host.address)
        assert SHIPPED._models_of(name)
        for each in SHIPPED._models_of(name):
            is_meant(each.match, "no such model")
            for prices in (each.prices, *(later.prices for later in each.later)):
                assert prices is None or all(
                    rate is None or rate.base >= 0 for rate in msgspec.structs.astuple(prices)
                )


def test_what_ships_is_dated_and_small() -> None:
    assert datetime.fromisoformat(SHIPPED.date)
    assert SHIPPED.licence.startswith("MIT, Copyright")
    assert len(resource(FILE).read_bytes()) < 400_000


KINDS_BY_HOST = {hosts[0]: kind for kind, hosts in HOSTS.items() if kind != "azure-anthropic"}
OURS = Usage(input=30_000, cache_read=150_000, cache_write=40_000, cache_write_1h=10_000, output=2_000)
OURS_SHORT = Usage(input=1_000, cache_read=5_000, output=300)
THEIRS = TheirUsage(
    input_tokens=220_000,
    cache_read_tokens=150_000,
    cache_write_tokens=40_000,
    cache_write_1h_tokens=10_000,
    output_tokens=2_000,
)
THEIRS_SHORT = TheirUsage(input_tokens=6_000, cache_read_tokens=5_000, output_tokens=300)


def called(theirs: ModelInfo) -> str:
    """A name that means a model; not at every host its id does."""
    if theirs.is_match(theirs.id):
        return theirs.id
    clauses = getattr(theirs.match, "or_", [theirs.match])
    return next((clause.equals for clause in clauses if isinstance(clause, ClauseEquals)), theirs.id)


@pytest.mark.parametrize("host", sorted(KINDS_BY_HOST))
def test_bills_agree_with_those_of_the_library_that_the_prices_are_from(host: str) -> None:
    """For every third model, by day and at the hour when some cost more, for long prompts and short ones.

    The installed library is compiled anew, so that this holds when it has moved on.
    """
    catalogue = Catalogue(compiled("2026-01-01").encode())
    provider = next(each for each in get_snapshot().providers if each.id == host)
    compared = 0
    for theirs in provider.models[::3]:
        for at in (NOW, PEAK):
            meant = provider.find_model(called(theirs))
            found = catalogue.find(KINDS_BY_HOST[host], called(theirs), at=at)
            if meant is None or found is None or found.prices is None or found.prices.output is None:
                continue
            assert found.id == f"{host}/{meant.id}"
            for our_usage, their_usage in ((OURS, THEIRS), (OURS_SHORT, THEIRS_SHORT)):
                bill = meant.calc_price(
                    their_usage, provider, genai_request_timestamp=datetime.fromtimestamp(at, UTC)
                )
                cost = cost_of(our_usage, found.prices)
                assert cost is not None
                assert cost.total / NANO == pytest.approx(float(bill.total_price), abs=5 / NANO)
                compared += 1
    assert compared >= 4
