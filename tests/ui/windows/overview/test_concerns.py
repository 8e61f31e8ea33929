"""What is judged to need the user, and what mends it."""

from typing import Any

import pytest

from app.desk.standing import State
from proxy.config.switch import LOCAL_ONLY, ROUTING, Lasting, Switch
from tests.ui.windows.overview.known import (
    NOW,
    breaker,
    known,
    mark,
    overview,
    provider,
    routing,
    server,
    standing,
    window,
)
from ui.windows.overview.concern import Concern, Known, Severity
from ui.windows.overview.concerns import concerns
from ui.windows.overview.orders import EndOverride, MakeSwitch, ResetBreaker, Visit
from ui.windows.pointing import Point


def only(**about: Any) -> Concern:
    (found,) = concerns(known(**about))
    return found


def test_nothing_needs_the_user_while_all_is_well() -> None:
    assert concerns(known()) == []


def test_what_is_not_known_yet_worries_nobody() -> None:
    assert concerns(Known(standing=standing(), now=NOW)) == []


def test_parts_that_could_not_be_had_worry_nobody_here() -> None:
    lost = {"error": "ledger", "detail": "The record cannot be read."}
    told = overview(providers=lost, providerWarnings=lost, budgets=lost)
    assert (
        concerns(known(overview=told, routing=routing(marks=lost, circuitBreakers=lost, override=lost))) == []
    )


def test_a_broken_file_is_told_with_its_first_problem() -> None:
    found = only(problems=["config.toml:3: no such key", "config.toml:9: no number"])
    assert found.severity is Severity.BAD
    assert "last good one is in force" in found.sentence
    assert "config.toml:3: no such key One more problem." in found.sentence
    assert found.order == Visit("settings", "files")


def test_without_any_provider_one_can_be_added() -> None:
    found = only(standing=standing(providers=()))
    assert (found.button, found.order) == ("Add a provider", Visit("providers", Point.ADD_PROVIDER))


def test_without_any_provider_a_local_server_is_the_shorter_way() -> None:
    found = only(standing=standing(providers=(), servers=(server(),), tiers=()))
    assert "Ollama runs here" in found.sentence
    assert found.order == Visit("tiers", Point.PROPOSE_TIERS)


def test_first_steps_say_it_in_place_of_a_warning() -> None:
    assert concerns(known(standing=standing(providers=()), has_first_steps=True)) == []


def test_providers_that_are_all_off_are_told_as_that() -> None:
    found = only(standing=standing(providers=(provider(enabled=False, state=State.OFF),)))
    assert "switched off" in found.sentence
    assert found.order == Visit("providers")


@pytest.mark.parametrize(
    ("one", "says"),
    [
        (provider(), "anthropic cannot be asked: its key is missing."),
        (
            provider(state=State.INCOMPLETE, why="It has no address."),
            "anthropic cannot be asked. It has no address.",
        ),
        (provider("other"), "anthropic cannot be asked. No provider is called so."),
    ],
)
def test_who_cannot_be_asked_is_told_with_the_reason(one: Any, says: str) -> None:
    missing = [{"name": "anthropic", "missing": "No provider is called so."}]
    found = only(standing=standing(providers=(one,)), overview=overview(providerWarnings=missing))
    assert (found.sentence, found.order) == (says, Visit("providers", "anthropic"))


def test_a_provider_that_is_off_by_wish_is_not_told() -> None:
    missing = [{"name": "openai", "missing": "The provider openai is disabled."}]
    there = standing(providers=(provider(), provider("openai", enabled=False, state=State.OFF)))
    assert concerns(known(standing=there, overview=overview(providerWarnings=missing))) == []


@pytest.mark.parametrize("reason", ["rejected", "forbidden", "exhausted"])
def test_a_key_that_is_refused_leads_to_its_provider(reason: str) -> None:
    found = only(routing=routing(marks=[mark(reason, key="main")]))
    assert (found.sentence, found.order) == ("anthropic (main): It says no.", Visit("providers", "anthropic"))


def test_a_limit_that_passes_by_itself_is_no_concern() -> None:
    assert concerns(known(routing=routing(marks=[mark("rate limited", ends_in=20.0)]))) == []


@pytest.mark.parametrize("state", ["closed", "half_open"])
def test_only_an_open_breaker_is_a_concern(state: str) -> None:
    assert concerns(known(routing=routing(circuitBreakers=[breaker(state)]))) == []


def test_an_open_breaker_can_be_reset() -> None:
    found = only(routing=routing(circuitBreakers=[breaker()]))
    assert "failed too often and is left alone until" in found.sentence
    assert found.order == ResetBreaker("anthropic/claude-haiku-4-5")


def test_troubles_of_the_record_are_told_each() -> None:
    ledger = {
        "ok": False,
        "problem": "The disk is full.",
        "notice": "The old file was set aside.",
        "dropped": 3,
    }
    found = concerns(known(overview=overview(ledger=ledger)))
    assert [each.severity for each in found] == [Severity.BAD, Severity.WARN, Severity.WARN]
    assert found[0].sentence == "The disk is full."
    assert found[1].sentence.startswith("3 requests could not be recorded")
    assert found[2].sentence == "The old file was set aside."


@pytest.mark.parametrize(("action", "severity"), [("stop", Severity.BAD), ("warn", Severity.WARN)])
def test_a_budget_that_stops_is_graver_than_one_that_warns(action: str, severity: Severity) -> None:
    budgets = {"over": True, "action": action, "sentence": "The budget is used up."}
    found = only(overview=overview(budgets=budgets))
    assert (found.sentence, found.severity) == ("The budget is used up.", severity)


@pytest.mark.parametrize(("used", "is_told"), [(89.9, False), (90.0, True), (100.0, True), (None, False)])
def test_a_quota_is_told_from_nine_tenths_on(used: float | None, is_told: bool) -> None:
    there = standing(providers=(provider(tightest=window(used_percent=used)),))
    assert bool(concerns(known(standing=there))) is is_told


def test_a_quota_says_when_it_begins_anew() -> None:
    nearly = window(used_percent=95.0, resets_at=NOW + 60)
    found = only(standing=standing(providers=(provider(tightest=nearly),)))
    assert found.sentence.startswith("anthropic has used 95 % of its 5h limit. It begins anew at ")


def test_routing_that_the_file_pauses_is_switched_on_for_good() -> None:
    found = only(standing=standing(routing=False))
    assert found.sentence == "Routing is paused: every request goes to the model that it asks for."
    assert isinstance(found.order, MakeSwitch)
    assert found.order.switch == Switch(ROUTING, True)


def test_routing_that_is_paused_for_a_while_goes_back_to_the_file() -> None:
    found = only(standing=standing(routing=False, ends={ROUTING: "run"}))
    assert "paused until Tierwise ends" in found.sentence
    assert isinstance(found.order, MakeSwitch)
    assert found.order.switch == Switch(ROUTING, None, Lasting.RUN)


def test_local_only_for_good_is_a_choice_and_for_a_while_a_note() -> None:
    assert concerns(known(standing=standing(local_only=True))) == []
    found = only(standing=standing(local_only=True, ends={LOCAL_ONLY: NOW + 3600}))
    assert found.severity is Severity.NOTE
    assert "on this machine may answer until" in found.sentence


def test_one_tier_for_everything_can_be_ended() -> None:
    found = only(routing=routing(override={"tier": "COMPLEX", "ends_in": None}))
    assert found.sentence == "Every request goes to COMPLEX, whatever it needs."
    assert found.order == EndOverride()


def test_models_without_a_price_are_told_by_their_provider() -> None:
    lines = [{"name": "house", "unpriced": 2}, {"name": "openai", "unpriced": 0}]
    found = only(usage={"by_provider": lines})
    assert found.sentence.startswith("2 requests of the last 7 days went to models of house without a price")
    assert found.order == Visit("providers", "house")


def test_bodies_that_are_kept_are_told() -> None:
    found = only(overview=overview(keep_bodies_days=1))
    assert (found.sentence, found.severity) == ("Prompts and answers are kept for 1 day.", Severity.NOTE)


def test_a_server_that_no_tier_uses_is_told() -> None:
    found = only(standing=standing(servers=(server(models=1),)))
    assert found.sentence == "Ollama runs on this machine with 1 model, and no tier uses it."
    assert found.order == Visit("tiers", Point.PROPOSE_TIERS)


@pytest.mark.parametrize(
    "one", [server("anthropic"), server(state="gone"), server(models=0)], ids=["used", "gone", "empty"]
)
def test_a_server_of_no_use_or_in_use_is_not_told(one: Any) -> None:
    assert concerns(known(standing=standing(servers=(one,)))) == []


def test_a_server_that_a_rule_uses_is_in_use() -> None:
    used = {"name": "ollama", "tiers": [], "rules": ["private"], "routes": []}
    assert concerns(known(standing=standing(servers=(server(),)), overview=overview(providers=[used]))) == []


def test_the_gravest_comes_first() -> None:
    found = concerns(
        known(
            standing=standing(routing=False),
            problems=["config.toml:1: no"],
            overview=overview(keep_bodies_days=7),
        )
    )
    assert [each.key for each in found] == ["settings", "routing", "bodies"]
