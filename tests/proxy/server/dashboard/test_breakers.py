"""What keeps services from being asked is shown, and can be forgotten."""

from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.provider import fake_provider, whole
from tests.proxy.configured import configured
from tests.proxy.server.dashboard.stage import Dashboard, dashboard
from tests.proxy.talk import ASKED, GOOD, error

FIELDS = {
    "name", "service", "provider", "model", "state", "since", "opens_in", "failures", "failureCount",
    "last_failure", "is_probed",
}  # fmt: skip


@asynccontextmanager
async def broken(folder: Path, model: str = "m") -> Any:
    """One service that has failed until it is left alone, and its provider, which is well again."""
    async with fake_provider(whole(error("api_error"), status=500)) as fake:
        config = configured(
            providers={"p": {"kind": "anthropic-compatible", "base_url": fake.url, "key": "none"}},
            tiers={"COMPLEX": {"services": [f"p/{model}"]}},
            health={"failures": 1},
        )
        async with dashboard(folder, config) as here:
            await here.ask(ASKED)
            fake.script = whole(GOOD)
            yield here


async def breakers(here: Dashboard) -> Any:
    return (await here.routing())["circuitBreakers"]


@pytest.mark.parametrize("model", ["m", "vendor/model:free", "größe 7"])
async def test_an_open_breaker_is_shown_and_forgotten_on_request(tmp_path: Path, model: str) -> None:
    async with broken(tmp_path, model) as here:
        (shown,) = await breakers(here)
        assert shown.keys() == FIELDS
        assert (shown["name"], shown["provider"], shown["model"], shown["state"]) == (
            f"p/{model}",
            "p",
            model,
            "open",
        )
        assert shown["failures"] == shown["failureCount"] >= 1
        assert shown["since"] <= 0 < shown["opens_in"]
        assert await here.answer(f"/api/breakers/p/{model}", "DELETE") == (204, "")
        assert [each["state"] for each in await breakers(here)] in ([], ["closed"])
        assert (await here.ask(ASKED))[0] == 200


async def test_all_models_of_a_provider_are_asked_again_on_request(tmp_path: Path) -> None:
    async with broken(tmp_path) as here:
        assert await here.answer("/api/breakers/p/*", "DELETE") == (204, "")
        assert [each["state"] for each in await breakers(here)] in ([], ["closed"])
        assert (await here.ask(ASKED))[0] == 200


@pytest.mark.parametrize("service", ["p", "nobody/m", "/", "p/"])
async def test_what_is_no_service_is_not_found(tmp_path: Path, service: str) -> None:
    async with broken(tmp_path) as here:
        assert (await here.answer(f"/api/breakers/{service}", "DELETE"))[0] == 404
        assert [each["state"] for each in await breakers(here)] == ["open"]


async def test_a_client_token_forgets_nothing(tmp_path: Path) -> None:
    async with broken(tmp_path) as here:
        url = f"{here.running.url}/api/breakers/p/m"
        async with here.running.http.delete(url, headers={"x-api-key": "client-token"}) as answer:
            assert answer.status == 401
        assert [each["state"] for each in await breakers(here)] == ["open"]
