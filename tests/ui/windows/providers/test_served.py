"""What is said after a model was put into a tier is what will happen."""

from app.settings import Settings
from app.tiers.lists import Manner
from proxy.config import ProviderConfig, ServiceEntry, TierConfig
from ui.windows.providers.served import served

LARGE, SMALL = ServiceEntry("mine", "large"), ServiceEntry("mine", "small")
COMPLEX = TierConfig(services=(ServiceEntry("other", "claude"),))


def told(simple: TierConfig, manner: Manner = Manner.FIRST, *, enabled: bool = True) -> str:
    mine = ProviderConfig(
        kind="openai-compatible", base_url="http://h.example/v1", key="none", enabled=enabled
    )
    settings = Settings(
        providers={"mine": mine, "other": ProviderConfig(kind="anthropic")},
        tiers={"SIMPLE": simple, "COMPLEX": COMPLEX},
    )
    return served(settings, "SIMPLE", LARGE, manner)


def test_under_priority_the_order_is_told() -> None:
    tier = TierConfig(services=(LARGE, SMALL))
    assert told(tier) == "large serves SIMPLE before all others."
    assert told(tier, Manner.ADD) == "large serves SIMPLE behind all others."


def test_under_another_tactic_no_order_is_claimed() -> None:
    words = told(TierConfig(services=(LARGE, SMALL), tactic="random"))
    assert words == "large serves SIMPLE. Its tactic is random, so its services share its turns."


def test_one_that_is_switched_off_there_serves_nobody() -> None:
    off = ServiceEntry("mine", "large", active=False)
    words = told(TierConfig(services=(off, SMALL)))
    assert words == "large is in SIMPLE, where it is switched off. The page Tiers switches it on."


def test_one_of_a_provider_that_is_off_waits_for_it_and_another_tier_answers() -> None:
    words = told(TierConfig(services=(LARGE,)), enabled=False)
    assert words == "large is in SIMPLE, and is asked once mine is on. Its turns go to COMPLEX."


def test_of_a_tier_that_is_off_it_is_told_where_its_turns_go() -> None:
    words = told(TierConfig(services=(LARGE,), enabled=False))
    assert words.endswith("That tier is off, though. Its turns go to COMPLEX.")
