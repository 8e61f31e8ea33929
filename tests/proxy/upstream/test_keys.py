"""Which key a provider is asked with: in order, session by session, and not again with what was refused."""

import asyncio
import json
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest
from aiohttp import web

from proxy.config import ProviderConfig
from proxy.exchange import Exchange, Surface
from proxy.providers.provider import Provider
from proxy.secret import Secret, SecretUnavailableError
from proxy.upstream.keys import Keys
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format
from tests.fakes.provider import FakeProvider, fake_provider
from tests.proxy.configured import configured
from tests.proxy.gateway_fixture import KnownSecrets, Running, running_gateway
from tests.proxy.talk import ASKED, GOOD, error

THREE = ["keyring:one", "keyring:two", "env:THREE"]
SECRETS = {"provider/p/one": "1", "provider/p/two": "2", "env:THREE": "3"}


def provider(name: str = "p", **table: object) -> Provider:
    return Provider(name, msgspec.convert({"kind": "anthropic", **table}, ProviderConfig))


def exchange(session: str | None = None, client: str = "cli", credential: str | None = None) -> Exchange:
    return Exchange(
        "x",
        Surface.MESSAGES,
        client,
        None,
        Format.ANTHROPIC,
        session=session,
        credential=None if credential is None else Secret(credential),
    )


async def labels(keys: Keys, of: Provider, session: str | None = None) -> list[str]:
    return [key.label for key in await keys.of(of, exchange(session))]


async def test_keys_are_tried_in_the_order_they_are_configured() -> None:
    keys = await Keys(KnownSecrets(SECRETS)).of(provider(keys=THREE), exchange())
    assert [(key.label, key.secret.reveal() if key.secret else "") for key in keys] == [
        ("keyring:one", "1"),
        ("keyring:two", "2"),
        ("env:THREE", "3"),
    ]


async def test_one_that_is_missing_is_passed_over() -> None:
    there = {name: value for name, value in SECRETS.items() if name != "provider/p/one"}
    assert await labels(Keys(KnownSecrets(there)), provider(keys=THREE)) == THREE[1:]


async def test_without_any_the_failure_names_them_all() -> None:
    with pytest.raises(Failure) as raised:
        await Keys(KnownSecrets()).of(provider(keys=THREE[1:]), exchange())
    assert raised.value.kind is FailureKind.NO_SERVICE
    assert "no entry provider/p/two" in raised.value.sentence
    assert "the environment variable THREE is not set" in raised.value.sentence


@pytest.mark.parametrize("blank", ["", "  ", "\n"])
async def test_a_blank_key_is_a_missing_one(blank: str) -> None:
    with pytest.raises(Failure, match="The key of p is missing"):
        await Keys(KnownSecrets({"provider/p": blank})).of(provider(), exchange())


async def test_what_was_pasted_around_a_key_is_taken_off() -> None:
    (key,) = await Keys(KnownSecrets({"provider/p": " sk-1\n"})).of(provider(), exchange())
    assert key.secret is not None
    assert key.secret.reveal() == "sk-1"


class Locked:
    async def get(self, name: str) -> Secret | None:
        raise SecretUnavailableError("The keyring is locked.")


async def test_a_locked_keyring_is_said_to_be_locked() -> None:
    with pytest.raises(Failure, match="The key of p: The keyring is locked"):
        await Keys(Locked()).of(provider(), exchange())


async def test_who_needs_no_key_is_asked_without() -> None:
    (key,) = await Keys(KnownSecrets()).of(provider(kind="ollama"), exchange())
    assert (key.label, key.secret) == ("none", None)


@pytest.mark.parametrize(
    "table", [{"kind": "bedrock", "region": "eu-west-1"}, {"kind": "vertex", "project": "x"}]
)
async def test_where_the_machine_may_be_signed_in_no_key_is_needed(table: dict[str, str]) -> None:
    (key,) = await Keys(KnownSecrets()).of(provider(**table), exchange())
    assert (key.label, key.secret) == ("credential chain", None)
    (key,) = await Keys(KnownSecrets({"provider/p": "k"})).of(provider(**table), exchange())
    assert key.label == "keyring"


async def test_a_clients_own_credential_has_the_label_of_that_client() -> None:
    keys = Keys(KnownSecrets())
    found = [
        (await keys.of(provider(key="client"), exchange(client=client, credential="own")))[0]
        for client in ("claude-code", "zed")
    ]
    assert [key.label for key in found] == ["client:claude-code", "client:zed"]
    assert found[0] != found[1]


async def test_a_client_without_a_credential_is_told_that_it_needs_one() -> None:
    with pytest.raises(Failure, match="this request carries none"):
        await Keys(KnownSecrets()).of(provider(key="client"), exchange())


async def test_a_clients_credential_goes_to_nobody_but_its_issuer() -> None:
    elsewhere = provider(key="client", base_url="https://proxy.example")
    with pytest.raises(Failure, match="nothing of it is sent there"):
        await Keys(KnownSecrets()).of(elsewhere, exchange(credential="own"))


async def test_a_session_stays_with_the_key_that_served_it_and_others_begin_with_the_first() -> None:
    keys, of = Keys(KnownSecrets(SECRETS)), provider(keys=THREE)
    second = (await keys.of(of, exchange("s")))[1]
    keys.served(second, "s")
    assert await labels(keys, of, "s") == ["keyring:two", "keyring:one", "env:THREE"]
    assert await labels(keys, of, "another") == THREE
    assert await labels(keys, of) == THREE
    assert await labels(keys, provider("q", keys=["env:THREE", "keyring:two"]), "s") == ["env:THREE"]


async def test_a_request_without_a_session_binds_nobody() -> None:
    keys, of = Keys(KnownSecrets(SECRETS)), provider(keys=THREE)
    keys.served((await keys.of(of, exchange()))[1], None)
    assert await labels(keys, of) == THREE


async def test_sessions_that_are_long_gone_are_forgotten_and_those_in_use_are_not() -> None:
    keys, of = Keys(KnownSecrets(SECRETS)), provider(keys=THREE)
    second = (await keys.of(of, exchange()))[1]
    keys.served(second, "old")
    keys.served(second, "in use")
    for number in range(5000):
        keys.served(second, f"s{number}")
        keys.served(second, "in use")
    assert await labels(keys, of, "old") == THREE
    assert (await labels(keys, of, "in use"))[0] == "keyring:two"


@dataclass
class Vendor:
    """Answers each key as it is told to, and remembers which were used."""

    answers: dict[str, int] = field(default_factory=dict)
    used: list[str] = field(default_factory=list)

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        key = request.headers.get("x-api-key", "")
        self.used.append(key)
        status = self.answers.get(key, 200)
        if status == 200:
            return web.Response(body=GOOD, content_type="application/json")
        headers = {"retry-after": "60"} if status == 429 else {}
        return web.Response(
            body=error("error"), status=status, headers=headers, content_type="application/json"
        )

    def used_since(self) -> list[str]:
        used, self.used = self.used, []
        return used


async def staged(
    stack: AsyncExitStack, vendor: Vendor, secrets: Mapping[str, str] = SECRETS, **table: Any
) -> tuple[Running, FakeProvider]:
    fake = await stack.enter_async_context(fake_provider(vendor))
    given = {"kind": "anthropic-compatible", "base_url": fake.url, "keys": THREE, **table}
    config = configured(providers={"p": given}, tiers={"COMPLEX": {"services": ["p/m", "p/n"]}})
    return await stack.enter_async_context(running_gateway(config, secrets=secrets)), fake


async def ask(running: Running, model: str = "p/m") -> int:
    async with running.post("/v1/messages", json.dumps({**ASKED, "model": model}).encode()) as answer:
        await answer.read()
        return answer.status


@pytest.mark.parametrize("status", [401, 402, 403, 429])
async def test_the_next_key_is_tried_where_the_key_is_what_failed(status: int) -> None:
    vendor = Vendor({"1": status})
    async with AsyncExitStack() as stack:
        running, _ = await staged(stack, vendor)
        assert await ask(running) == 200
        assert vendor.used_since() == ["1", "2"]


@pytest.mark.parametrize("status", [500, 529, 404])
async def test_another_key_helps_nobody_where_the_service_is_what_failed(status: int) -> None:
    vendor = Vendor({"1": status})
    async with AsyncExitStack() as stack:
        running, _ = await staged(stack, vendor)
        await ask(running)
        assert "2" not in vendor.used_since()


async def test_a_rejected_key_is_not_tried_again_until_its_secret_is_another_one() -> None:
    vendor = Vendor({"1": 401})
    async with AsyncExitStack() as stack:
        running, _ = await staged(stack, vendor)
        assert [await ask(running) for _ in range(2)] == [200, 200]
        assert vendor.used_since() == ["1", "2", "2"]
        running.secrets["provider/p/one"] = "renewed"
        assert await ask(running) == 200
        assert vendor.used_since() == ["renewed"]


async def test_a_rejected_key_is_rejected_for_all_models_of_its_provider() -> None:
    vendor = Vendor({"1": 401})
    async with AsyncExitStack() as stack:
        running, _ = await staged(stack, vendor)
        assert [await ask(running, "p/m"), await ask(running, "p/n")] == [200, 200]
        assert vendor.used_since() == ["1", "2", "2"]


async def test_a_key_that_is_cooling_down_is_tried_last_and_for_that_model_only() -> None:
    vendor = Vendor({"1": 429})
    async with AsyncExitStack() as stack:
        running, _ = await staged(stack, vendor)
        assert [await ask(running, "p/m") for _ in range(2)] == [200, 200]
        assert vendor.used_since() == ["1", "2", "2"]
        vendor.answers.clear()
        assert [await ask(running, "p/m"), await ask(running, "p/n")] == [200, 200]
        assert vendor.used_since() == ["2", "1"]
        vendor.answers |= {"2": 429, "3": 429}
        assert await ask(running, "p/m") == 200
        assert vendor.used_since() == ["2", "3", "1"]


async def test_where_every_key_was_refused_the_user_is_told_how_to_store_another() -> None:
    vendor = Vendor({"1": 401, "2": 401, "3": 401})
    async with AsyncExitStack() as stack:
        running, _ = await staged(stack, vendor)
        assert await ask(running) == 401
        assert vendor.used_since() == ["1", "2", "3"]
        async with running.post("/v1/messages", json.dumps({**ASKED, "model": "p/m"}).encode()) as answer:
            assert answer.status == 401
            told = json.loads(await answer.read())["error"]["message"]
        assert "`tierwise providers add p --replace`" in told
        assert vendor.used_since() == []


@dataclass
class Asked:
    """Secrets that come when they are let."""

    values: dict[str, str] = field(default_factory=dict)
    asked: int = 0
    open: asyncio.Event = field(default_factory=asyncio.Event)

    async def get(self, name: str) -> Secret | None:
        self.asked += 1
        await self.open.wait()
        value = self.values.get(name)
        return None if value is None else Secret(value)


@dataclass
class Watched:
    """The keys of one provider, and a clock that stands still."""

    of: Provider = field(default_factory=provider)
    secrets: Asked = field(default_factory=Asked)
    now: float = 1000.0

    def __post_init__(self) -> None:
        self.keys = Keys(self.secrets, lambda: self.now)

    def known(self) -> list[str]:
        known = self.keys.known("p")
        return [] if known is None else [key.secret.reveal() for key in known.keys if key.secret]

    async def looked(self) -> list[str]:
        """After what was begun has come to its end."""
        before = self.secrets.asked
        self.keys.look_soon([self.of])
        self.secrets.open.set()
        while self.keys._looks._of:  # noqa: ASYNC110 -- nobody waits for looks that nobody waits for
            await asyncio.sleep(0)
        return [] if self.secrets.asked == before else ["looked"]


async def test_a_key_that_is_missing_is_looked_for_again_within_a_second_and_another_one_within_ten() -> None:
    watched = Watched()
    assert watched.keys.known("p") is None
    assert await watched.looked() == ["looked"]
    watched.secrets.values["provider/p"] = "new"
    watched.now += 0.9
    assert await watched.looked() == []
    watched.now += 0.1
    assert await watched.looked() == ["looked"]
    assert watched.known() == ["new"]
    watched.now += 9.9
    assert await watched.looked() == []
    watched.now += 0.1
    assert await watched.looked() == ["looked"]


async def test_what_was_found_stays_known_until_something_else_is() -> None:
    watched = Watched()
    watched.secrets.values["provider/p"] = "old"
    await watched.looked()
    watched.now += 1e6
    assert watched.known() == ["old"]
    watched.secrets.values["provider/p"] = "new"
    await watched.looked()
    assert watched.known() == ["new"]


async def test_another_table_of_the_same_name_is_looked_for_at_once() -> None:
    watched = Watched()
    await watched.looked()
    watched.of = provider(keys=["env:OTHER"])
    watched.secrets.values["env:OTHER"] = "other"
    assert await watched.looked() == ["looked"]
    assert watched.known() == ["other"]


async def test_those_who_look_at_the_same_time_look_once() -> None:
    watched = Watched()
    waiting = [asyncio.ensure_future(watched.keys.look_again([watched.of])) for _ in range(20)]
    watched.keys.look_soon([watched.of])
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert watched.secrets.asked == 1
    watched.secrets.open.set()
    await asyncio.gather(*waiting)
    await watched.keys.look_again([watched.of])
    assert watched.secrets.asked == 2


async def test_a_keyring_that_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("proxy.upstream.keys.PATIENCE", 0.01)
    watched = Watched()
    async with asyncio.timeout(5):
        await watched.keys.look_again([watched.of])
        assert watched.keys.known("p") is None
        await watched.keys.close()
    assert not watched.keys._looks._of


async def test_whoever_stops_waiting_does_not_end_the_look_for_others() -> None:
    watched = Watched()
    gone = asyncio.ensure_future(watched.keys.look_again([watched.of]))
    stays = asyncio.ensure_future(watched.keys.look_again([watched.of]))
    await asyncio.sleep(0)
    gone.cancel()
    watched.secrets.values["provider/p"] = "k"
    watched.secrets.open.set()
    await stays
    assert watched.known() == ["k"]


async def test_for_a_clients_own_credential_nobody_looks() -> None:
    watched = Watched(of=provider(keys=["client", "keyring"]))
    assert await watched.looked() == []
    assert watched.keys.known("p") is None
