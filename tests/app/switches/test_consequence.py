"""What a switch would take away is told in a sentence before it is made, and only then."""

import msgspec
import pytest

from app.settings import Settings
from app.switches.consequence import consequence, is_last_provider
from proxy.config.switch import (
    LOCAL_ONLY,
    PROFILE,
    ROUTING,
    Switch,
    Value,
    What,
    provider_enabled,
    tier_enabled,
    tier_services,
)

FAR, NEAR = {"kind": "anthropic"}, {"kind": "ollama"}
OFF = {"enabled": False}


def settings(**tables: object) -> Settings:
    return msgspec.convert(tables, Settings)


@pytest.mark.parametrize(
    ("tables", "what", "value", "words"),
    [
        ({"providers": {"far": FAR}}, provider_enabled("far"), False, "No provider is left on"),
        (
            {"providers": {"far": FAR, "near": {**NEAR, **OFF}}},
            provider_enabled("far"),
            False,
            "No provider is left on",
        ),
        ({"providers": {"far": FAR, "near": NEAR}}, provider_enabled("far"), False, ""),
        ({"providers": {"far": {**FAR, **OFF}}}, provider_enabled("far"), False, ""),
        ({"providers": {"far": {**FAR, **OFF}}}, provider_enabled("far"), True, ""),
        ({"providers": {"far": FAR}}, provider_enabled("gone"), False, ""),
        ({"providers": {"far": FAR}}, LOCAL_ONLY, True, "No provider on this machine"),
        ({"providers": {"far": FAR, "near": NEAR}}, LOCAL_ONLY, True, ""),
        (
            {"providers": {"far": FAR, "near": NEAR}, "routing": {"local_only": True}},
            provider_enabled("near"),
            False,
            "No provider on this machine",
        ),
        ({"providers": {"far": FAR}}, ROUTING, False, ""),
        ({"providers": {"far": FAR}}, PROFILE, "save", ""),
    ],
)
def test_providers(tables: dict[str, object], what: What, value: Value, words: str) -> None:
    told = consequence(settings(**tables), Switch(what, value))
    assert told.startswith(words)
    assert bool(told) == bool(words)


TIERS = {
    "SIMPLE": {"services": [{"provider": "far", "model": "a"}]},
    "COMPLEX": {"services": [{"provider": "near", "model": "b"}]},
}


@pytest.mark.parametrize(
    ("tiers", "what", "value", "is_told"),
    [
        (TIERS, tier_enabled("SIMPLE"), False, False),
        ({**TIERS, "COMPLEX": OFF}, tier_enabled("SIMPLE"), False, True),
        ({"SIMPLE": TIERS["SIMPLE"]}, tier_enabled("SIMPLE"), False, True),
        ({"SIMPLE": TIERS["SIMPLE"]}, tier_services("SIMPLE"), (), True),
        ({"SIMPLE": TIERS["SIMPLE"]}, provider_enabled("far"), False, True),
        (TIERS, provider_enabled("far"), False, False),
        ({}, tier_enabled("SIMPLE"), False, False),
    ],
)
def test_tiers(tiers: dict[str, object], what: What, value: Value, is_told: bool) -> None:
    told = consequence(settings(providers={"far": FAR, "near": NEAR}, tiers=tiers), Switch(what, value))
    assert told.startswith("No tier is left that can answer") == is_told


def test_the_last_provider_is_the_only_one_that_is_on() -> None:
    both = settings(providers={"far": FAR, "near": NEAR})
    one = settings(providers={"far": FAR, "near": {**NEAR, **OFF}})
    assert [is_last_provider(both, "far"), is_last_provider(one, "far"), is_last_provider(one, "near")] == [
        False,
        True,
        False,
    ]
