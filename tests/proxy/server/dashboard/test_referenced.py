"""Which providers can be used, and what is told of those that are meant to be used and cannot."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from proxy.config import Config
from proxy.secret import Secret, SecretSource, SecretUnavailableError
from proxy.server.dashboard.referenced import providers
from tests.proxy.configured import configured
from tests.proxy.gateway_fixture import KnownSecrets


@dataclass
class Hanging:
    """A keyring that never answers; how many asked at once."""

    asked: list[str] = field(default_factory=list)

    async def get(self, name: str) -> Secret | None:
        self.asked.append(name)
        await asyncio.Event().wait()
        return None


class Locked:
    async def get(self, _name: str) -> Secret | None:
        raise SecretUnavailableError("The keyring is locked.")


async def warned(config: Config, secrets: SecretSource | None = None) -> dict[str, dict[str, Any]]:
    _, warnings = await providers(config, secrets or KnownSecrets())
    return {line["name"]: line for line in warnings}


async def usable(config: Config, secrets: SecretSource | None = None) -> dict[str, dict[str, Any]]:
    lines, _ = await providers(config, secrets or KnownSecrets())
    return {line["name"]: line for line in lines}


def with_provider(table: dict[str, Any] | None, **tables: Any) -> Config:
    return configured(
        providers={} if table is None else {"p": table}, tiers={"SIMPLE": {"services": ["p/m"]}}, **tables
    )


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (None, "No provider is called p"),
        ({"kind": "ollama", "enabled": False}, "disabled"),
        ({"kind": "openai-compatible", "key": "none"}, "needs a `base_url`"),
        ({"kind": "anthropic"}, "The key of p is missing"),
        ({"kind": "anthropic", "keys": ["keyring:a", "keyring:b"]}, "The key of p is missing"),
        ({"kind": "anthropic", "key": "env:NOT_SET"}, "The key of p is missing"),
    ],
    ids=["unknown", "disabled", "no address", "no key", "none of two keys", "no variable"],
)
async def test_what_keeps_a_provider_of_a_tier_from_being_used_is_told(
    table: dict[str, Any] | None, words: str
) -> None:
    config = with_provider(table)
    found = await warned(config)
    assert words in found["p"]["missing"]
    assert found["p"]["tiers"][0] == "SIMPLE"
    assert await usable(config) == {}


@pytest.mark.parametrize(
    ("table", "secrets"),
    [
        ({"kind": "ollama"}, {}),
        ({"kind": "anthropic"}, {"provider/p": "k"}),
        ({"kind": "anthropic", "keys": ["keyring:a", "keyring:b"]}, {"provider/p/b": "k"}),
        ({"kind": "anthropic", "key": "env:SET"}, {"env:SET": "k"}),
        ({"kind": "anthropic", "key": "client"}, {}),
        ({"kind": "anthropic", "keys": ["keyring", "client"]}, {}),
        ({"kind": "openai-compatible", "base_url": "http://127.0.0.1:9/v1", "key": "none"}, {}),
    ],
    ids=[
        "local",
        "key",
        "one of two keys",
        "variable",
        "the client's key",
        "or the client's",
        "no key needed",
    ],
)
async def test_who_can_be_used_is_not_warned_of(table: dict[str, Any], secrets: dict[str, str]) -> None:
    config = with_provider(table)
    assert await warned(config, KnownSecrets(secrets)) == {}
    assert "SIMPLE" in (await usable(config, KnownSecrets(secrets)))["p"]["tiers"]


@pytest.mark.parametrize("make", [Locked, Hanging])
async def test_a_keyring_that_does_not_answer_is_no_reason_to_warn(make: Callable[[], SecretSource]) -> None:
    names = [f"p{n}" for n in range(8)]
    config = configured(
        providers={name: {"kind": "anthropic", "keys": ["keyring:a", "keyring:b"]} for name in names},
        tiers={"SIMPLE": {"services": [f"{name}/m" for name in names]}},
    )
    secrets = make()
    began = time.monotonic()
    found = await usable(config, secrets)
    assert time.monotonic() - began < 3.0  # half a second, and some for a busy machine; in turn it were 4
    assert list(found) == names
    if isinstance(secrets, Hanging):
        assert len(secrets.asked) == len(names)


async def test_one_that_hangs_does_not_hide_what_is_wrong_with_another() -> None:
    class Half:
        async def get(self, name: str) -> Secret | None:
            return await Hanging().get(name) if name == "provider/a" else None

    config = configured(
        providers={"a": {"kind": "anthropic"}, "b": {"kind": "anthropic"}},
        tiers={"SIMPLE": {"services": ["a/m", "b/m"]}},
    )
    assert list(await warned(config, Half())) == ["b"]


async def test_where_a_provider_is_named_is_told_and_each_place_once() -> None:
    config = configured(
        providers={"p": {"kind": "ollama"}},
        tiers={"SIMPLE": {"services": ["p/m", "p/n"]}, "COMPLEX": {"services": ["gone/m", "p/m"]}},
        rules=[{"name": "mine", "services": ["gone/m"]}],
        routes=[{"name": "way", "services": ["gone/m"]}],
    )
    (line,) = (await usable(config)).values()
    assert (line["type"], line["kind"]) == ("local", "ollama")
    assert set(line["tiers"]) >= {"SIMPLE", "COMPLEX"}
    assert len(line["tiers"]) == len(set(line["tiers"]))
    gone = (await warned(config))["gone"]
    assert (gone["type"], gone["kind"]) == (None, None)
    assert [label for label in gone["tiers"] if label != "default"] == ["COMPLEX"]
    assert (gone["rules"], gone["routes"]) == (["mine"], ["way"])


async def test_who_is_asked_first_is_labelled_default() -> None:
    config = configured(
        providers={"p": {"kind": "ollama"}, "q": {"kind": "openai"}},
        tiers={"COMPLEX": {"services": ["p/m", "q/m"]}},
    )
    found = await usable(config, KnownSecrets({"provider/q": "k"}))
    assert found["p"]["tiers"] == ["COMPLEX", "default"]
    assert (found["q"]["tiers"], found["q"]["type"]) == (["COMPLEX"], "cloud")


async def test_a_provider_that_no_tier_names_is_usable_and_never_warned_of() -> None:
    config = configured(
        providers={"used": {"kind": "ollama"}, "spare": {"kind": "ollama"}, "keyless": {"kind": "anthropic"},
                   "off": {"kind": "ollama", "enabled": False}},
        tiers={"COMPLEX": {"services": ["used/m"]}},
    )  # fmt: skip
    assert set(await usable(config)) == {"used", "spare"}
    assert (await usable(config))["spare"]["tiers"] == []
    assert await warned(config) == {}


async def test_a_service_that_is_switched_off_in_its_tier_is_not_warned_of() -> None:
    config = configured(
        providers={"p": {"kind": "ollama"}},
        tiers={"COMPLEX": {"services": ["p/m", {"provider": "gone", "model": "m", "active": False}]}},
    )
    assert await warned(config) == {}


async def test_without_any_provider_there_is_nobody_to_tell_of() -> None:
    assert await providers(configured(), KnownSecrets()) == ([], [])
