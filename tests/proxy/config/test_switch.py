"""A switch that cannot be is never made, and a configuration takes one without a change of all else."""

import pytest

from proxy.config import Config, ProviderConfig, ServiceEntry, TierConfig
from proxy.config.switch import (
    HOUR,
    PROFILE,
    ROUTING,
    HowLong,
    Lasting,
    Switch,
    Value,
    What,
    how_long,
    provider_enabled,
    tier_enabled,
    tier_services,
    value_in,
    with_value,
)

CONFIG = Config(
    providers={"far": ProviderConfig(kind="anthropic")},
    tiers={"SIMPLE": TierConfig(services=(ServiceEntry("far", "a"),))},
)


@pytest.mark.parametrize(
    ("what", "value", "lasting"),
    [
        (ROUTING, "off", HOUR),
        (PROFILE, "cheap", HOUR),
        (PROFILE, True, HOUR),
        (ROUTING, False, 0.0),
        (ROUTING, False, -1),
        (ROUTING, False, float("inf")),
        (("server", "port"), True, HOUR),
        (("tiers", "HUGE", "enabled"), False, HOUR),
        (tier_services("SIMPLE"), (), HOUR),
        (tier_services("SIMPLE"), (), Lasting.RUN),
        (tier_services("SIMPLE"), True, Lasting.ALWAYS),
    ],
)
def test_what_cannot_be_is_refused(what: What, value: Value, lasting: HowLong) -> None:
    with pytest.raises(ValueError, match="cannot be switched"):
        Switch(what, value, lasting)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("always", Lasting.ALWAYS),
        ("forever", Lasting.ALWAYS),
        ("run", Lasting.RUN),
        ("1h", HOUR),
        ("90s", 90.0),
    ],
)
def test_a_length_is_read_as_programs_write_it(text: str, meant: HowLong) -> None:
    assert how_long(text) == meant


@pytest.mark.parametrize("text", ["", "0s", "1d", "an hour", "-1h"])
def test_other_words_are_answered_with_those_that_can_be(text: str) -> None:
    with pytest.raises(ValueError, match=r"always, run .*, or a time such as 90s, 30m or 1h"):
        how_long(text)


@pytest.mark.parametrize(
    ("what", "before", "value"),
    [
        (ROUTING, True, False),
        (PROFILE, "balanced", "save"),
        (tier_enabled("SIMPLE"), True, False),
        (tier_services("SIMPLE"), (ServiceEntry("far", "a"),), ()),
        (tier_enabled("MEDIUM"), None, False),
        (provider_enabled("far"), True, False),
    ],
)
def test_one_key_is_another_and_all_else_stays(what: What, before: Value | None, value: Value) -> None:
    after = with_value(CONFIG, what, value)
    assert (value_in(CONFIG, what), value_in(after, what)) == (before, value)
    if before is not None:
        assert with_value(after, what, before) == CONFIG
