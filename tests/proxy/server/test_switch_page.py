"""Switching over HTTP against a running application: what is in force afterwards, and what is refused."""

from pathlib import Path
from typing import Any

import pytest

from proxy.config.switch import HOUR
from tests.app.switches.stage import START, running
from tests.proxy.gateway_fixture import running_gateway

OFF = {"enabled": False}


@pytest.mark.parametrize(
    ("lasting", "until"), [(None, None), ("always", None), ("run", "run"), ("1h", START + HOUR)]
)
async def test_routing_is_switched_for_as_long_as_was_said(
    tmp_path: Path, lasting: str | None, until: float | str | None
) -> None:
    async with running(tmp_path) as stage:
        body = {"enabled": False, "profile": "save", "local_only": True}
        sent = body if lasting is None else {**body, "for": lasting}
        told = {**body, "until": dict.fromkeys(body, until)}
        assert await stage.api("PUT", "/api/routing", sent) == (200, told)
        assert stage.application.gateway.config.routing.profile == "save"
        assert ("local_only = true" in stage.text) == (until is None)


async def test_what_is_not_said_stays(tmp_path: Path) -> None:
    async with running(tmp_path) as stage:
        _, told = await stage.api("PUT", "/api/routing", {"profile": "save", "for": "30m"})
        assert told == {
            "enabled": True,
            "profile": "save",
            "local_only": False,
            "until": {"enabled": None, "profile": START + 1800, "local_only": None},
        }


@pytest.mark.parametrize(("lasting", "until"), [("always", None), ("run", "run"), ("90s", START + 90)])
async def test_the_next_request_goes_elsewhere_once_a_tier_is_off(
    tmp_path: Path, lasting: str, until: float | str | None
) -> None:
    async with running(tmp_path) as stage:
        assert await stage.served() == "far/small"
        status, told = await stage.api("PUT", "/api/tiers/simple/enabled", {**OFF, "for": lasting})
        assert (status, told["tier"], told["enabled"], told["until"]) == (200, "SIMPLE", False, until)
        assert told["answered_by"] == "REASONING"
        assert await stage.served() == "other/big"


@pytest.mark.parametrize(("lasting", "until"), [("always", None), ("run", "run"), ("90s", START + 90)])
async def test_the_next_request_goes_elsewhere_once_a_provider_is_off(
    tmp_path: Path, lasting: str, until: float | str | None
) -> None:
    async with running(tmp_path) as stage:
        status, told = await stage.api("PUT", "/api/providers/far/enabled", {**OFF, "for": lasting})
        assert (status, told["name"], told["enabled"], told["until"]) == (200, "far", False, until)
        assert await stage.served() == "other/big"
        _, all_of_them = await stage.api("GET", "/api/providers")
        assert all_of_them["providers"][0] == told


async def test_the_overview_tells_when_it_ends(tmp_path: Path) -> None:
    async with running(tmp_path) as stage:
        _, told = await stage.api("PUT", "/api/routing", {"enabled": False, "for": "1h"})
        _, overview = await stage.api("GET", "/api/overview")
        assert overview["routing"] == told
        assert told["until"]["enabled"] == START + HOUR


async def test_providers_are_told_without_their_secrets(tmp_path: Path) -> None:
    async with running(tmp_path) as stage:
        stage.write('base_url = "http://', 'base_url = "http://me:s3cret@')
        await stage.application.reload()
        _, told = await stage.api("GET", "/api/providers")
        address = told["providers"][0].pop("address")
        assert address.startswith("http://127.0.0.1:")
        assert "s3cret" not in str(told) + address
        assert told["providers"][0] == {
            "name": "far",
            "kind": "anthropic",
            "where": "local",
            "enabled": True,
            "until": None,
            "keys": ["none"],
            "models": ["small"],
        }


async def test_tiers_are_told_with_their_bands_and_who_answers(tmp_path: Path) -> None:
    async with running(tmp_path) as stage:
        _, told = await stage.api("GET", "/api/tiers")
        assert [(each["tier"], each["range"], each["answered_by"]) for each in told["tiers"]] == [
            ("SIMPLE", [0, 20], "SIMPLE"),
            ("MEDIUM", [20, 50], "REASONING"),
            ("COMPLEX", [50, 75], "REASONING"),
            ("REASONING", [75, 100], "REASONING"),
        ]
        assert told["tiers"][0]["services"] == [
            {
                "service": "far/small",
                "weight": 1,
                "priority": 0,
                "active": True,
                "capacity": 0,
                "params": {},
            }
        ]


async def test_services_are_set_and_one_that_is_only_named_stays_as_it_is(tmp_path: Path) -> None:
    async with running(tmp_path) as stage:
        path = "/api/tiers/SIMPLE/services"
        big = {"provider": "other", "model": "big", "weight": 5, "params": {"effort": "low"}}
        await stage.api("PUT", path, {"services": [big, "far/small"]})
        assert await stage.served() == "other/big"
        status, told = await stage.api("PUT", path, {"services": ["far/small", "other/big"]})
        assert status == 200
        assert [(each["service"], each["weight"]) for each in told["services"]] == [
            ("far/small", 1),
            ("other/big", 5),
        ]
        assert told["services"][1]["params"] == {"effort": "low"}
        assert await stage.served() == "far/small"


async def test_services_that_are_only_named_are_asked_in_that_order(tmp_path: Path) -> None:
    async with running(tmp_path) as stage:
        path = "/api/tiers/SIMPLE/services"
        later = {"provider": "other", "model": "big", "priority": 7}
        await stage.api("PUT", path, {"services": ["far/small", later]})
        await stage.api("PUT", path, {"services": ["other/big", "far/small"]})
        assert await stage.served() == "other/big"


@pytest.mark.parametrize(
    ("path", "body", "status", "words"),
    [
        ("/api/routing", {}, 400, "Nothing is to be switched"),
        ("/api/routing", {"profile": "cheap"}, 400, "one of save, balanced, quality"),
        ("/api/routing", {"enabled": "off"}, 400, "true or false"),
        ("/api/routing", {"enabled": False, "for": "a day"}, 400, "always, run"),
        ("/api/routing", {"enabled": False, "for": "0s"}, 400, "90s, 30m or 1h"),
        ("/api/routing", {"enabled": False, "until": 5}, 400, "until"),
        ("/api/tiers/SIMPLE/enabled", {}, 400, "`enabled`, true or false"),
        ("/api/tiers/HUGE/enabled", OFF, 404, "SIMPLE, MEDIUM, COMPLEX, REASONING"),
        ("/api/providers/fra/enabled", OFF, 404, 'did you mean "far"'),
        ("/api/tiers/HUGE/services", {"services": []}, 404, "There is no tier HUGE"),
        ("/api/tiers/SIMPLE/services", {"services": ["far"]}, 400, "provider/model"),
        ("/api/tiers/SIMPLE/services", {"services": ["far/a", "far/a"]}, 400, "named twice"),
        ("/api/tiers/SIMPLE/services", {"services": ["fra/a"]}, 404, "There is no provider fra"),
        ("/api/tiers/SIMPLE/services", {"services": ["far/a"], "for": "1h"}, 400, "for"),
        ("/api/tiers/SIMPLE/services", {"services": [{"provider": "far"}]}, 400, "model"),
        ("/api/tiers/SIMPLE/services", {"services": [{"provider": "f/r", "model": "a"}]}, 400, "slash"),
    ],
)
async def test_nonsense_is_refused_with_what_makes_sense(
    tmp_path: Path, path: str, body: object, status: int, words: str
) -> None:
    async with running(tmp_path) as stage:
        before, settings = stage.text, stage.application.loaded
        answer, told = await stage.api("PUT", path, body)
        assert answer == status
        assert words in told["error"]["message"]
        assert (stage.text, stage.application.loaded) == (before, settings)


async def test_what_no_file_can_hold_is_told_and_changes_nothing(tmp_path: Path) -> None:
    async with running(tmp_path) as stage:
        before = stage.text
        service = {"provider": "far", "model": "a", "params": {"effort": None}}
        status, told = await stage.api("PUT", "/api/tiers/SIMPLE/services", {"services": [service]})
        assert (status, told["applied"], stage.text) == (422, False, before)
        assert "null" in told["problems"][0]


async def test_a_broken_file_is_told_and_left_alone(tmp_path: Path) -> None:
    async with running(tmp_path) as stage:
        stage.write("[routing]", "[routing")
        broken = stage.text
        status, told = await stage.api("PUT", "/api/providers/far/enabled", OFF)
        assert (status, told["applied"], stage.text) == (422, False, broken)
        assert "config.toml:2" in told["problems"][0]
        status, _ = await stage.api("PUT", "/api/providers/far/enabled", {**OFF, "for": "1h"})
        assert status == 200
        assert await stage.served() == "other/big"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/tiers"),
        ("GET", "/api/providers"),
        ("PUT", "/api/routing"),
        ("PUT", "/api/tiers/SIMPLE/enabled"),
        ("PUT", "/api/tiers/SIMPLE/services"),
        ("PUT", "/api/providers/far/enabled"),
    ],
)
async def test_it_takes_the_admin_token(method: str, path: str) -> None:
    async with running_gateway() as gateway:
        headers = {"x-tierwise-token": "client-token"}
        async with gateway.http.request(method, gateway.url + path, json=OFF, headers=headers) as answer:
            assert answer.status == 401


async def test_a_provider_whose_name_needs_spelling_is_found() -> None:
    async with running_gateway(**{"my host": {"kind": "ollama"}}) as gateway:
        headers = {"x-tierwise-token": "admin-token"}
        url = gateway.url + "/api/providers/my%20host/enabled"
        async with gateway.http.put(url, json={**OFF, "for": "run"}, headers=headers) as answer:
            told: Any = await answer.json(content_type=None)
        assert (answer.status, told["name"]) == (200, "my host")
        assert gateway.program.calls == ["switch providers.my host.enabled False Lasting.RUN"]
