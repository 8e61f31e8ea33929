"""What is well-formed and cannot work is named, and nothing else is."""

import pytest

from proxy.config import (
    AffinityConfig,
    AffinityOverrides,
    CascadeConfig,
    Config,
    KeyPath,
    PriceConfig,
    ProviderConfig,
    RouteConfig,
    RuleConfig,
    SavingsConfig,
    ServiceEntry,
    TierConfig,
    notices,
)

PROVIDERS = {"ollama": ProviderConfig(kind="ollama")}
KNOWN, UNKNOWN = ServiceEntry("ollama", "m"), ServiceEntry("olama", "m")
LEFT_OUT = 'no provider is called "olama", so this service is left out; did you mean "ollama"?'


def found(**tables: object) -> list[tuple[KeyPath, str]]:
    config = Config(providers=PROVIDERS, **tables)  # type: ignore[arg-type]  # the cases name their own tables
    assert all(finding.severity == "notice" for finding in notices(config))
    return [(finding.path, finding.message) for finding in notices(config)]


def test_a_configuration_that_works_has_no_notices() -> None:
    pool = RouteConfig(use="pool", model="x", services=(KNOWN,), rules=(RuleConfig(services=(KNOWN,)),))

    assert found(tiers={"SIMPLE": TierConfig(services=(KNOWN,))}, routes=(pool, RouteConfig())) == []


def test_an_empty_configuration_has_no_notices() -> None:
    assert list(notices(Config())) == []


def test_a_service_of_an_unknown_provider_is_left_out() -> None:
    tiers = {"SIMPLE": TierConfig(services=(KNOWN, UNKNOWN))}

    assert found(tiers=tiers) == [(("tiers", "SIMPLE", "services", 1), LEFT_OUT)]


def test_a_rule_without_known_services_is_never_applied() -> None:
    assert found(rules=(RuleConfig(services=(UNKNOWN,)),)) == [
        (("rules", 0, "services", 0), LEFT_OUT),
        (("rules", 0), "none of its services has a known provider; the rule is never applied"),
    ]


def test_everything_inside_a_route_is_looked_at() -> None:
    route = RouteConfig(tiers={"SIMPLE": (UNKNOWN,)}, rules=(RuleConfig(services=(KNOWN, UNKNOWN)),))

    assert [path for path, _ in found(routes=(route,))] == [
        ("routes", 0, "tiers", "SIMPLE", 0),
        ("routes", 0, "rules", 0, "services", 1),
    ]


@pytest.mark.parametrize(
    ("route", "path", "message"),
    [
        (RouteConfig(use="pool"), ("routes", 0), "the route serves nothing"),
        (RouteConfig(services=(KNOWN,)), ("routes", 0, "services"), 'has no effect without use = "pool"'),
    ],
)
def test_a_route_to_nothing(route: RouteConfig, path: KeyPath, message: str) -> None:
    ((at, said),) = found(routes=(route,))

    assert at == path
    assert message in said


def test_a_route_behind_one_that_matches_everything_is_never_reached() -> None:
    assert found(routes=(RouteConfig(client="x"), RouteConfig(), RouteConfig(client="y"))) == [
        (("routes", 2), "is never reached: routes[1] matches every request before it")
    ]


def test_models_of_the_cascade_need_a_provider() -> None:
    cascade = CascadeConfig(small="other/m", judge="ollama/m")

    assert [path for path, _ in found(cascade=cascade)] == [("cascade", "small")]


def test_a_price_needs_a_provider() -> None:
    assert [path for path, _ in found(prices={"other/m": PriceConfig(input=1)})] == [("prices", "other/m")]


def test_a_reference_needs_a_provider() -> None:
    assert found(savings=SavingsConfig(reference="olama/x")) == [
        (
            ("savings", "reference"),
            'no provider is called "olama", so it is no baseline; did you mean "ollama"?',
        )
    ]
    assert found(savings=SavingsConfig(reference="ollama/x")) == []


def test_a_pin_that_outlives_its_renewal() -> None:
    message = "is above max_age (60), so renewing a pin never makes it live longer"

    assert found(affinity=AffinityConfig(ttl=61, max_age=60)) == [(("affinity", "ttl"), message)]
    assert found(affinity=AffinityConfig(ttl=61, max_age=60, sliding=False)) == []
    assert found(affinity=AffinityConfig(ttl=60, max_age=60)) == []
    route = RouteConfig(affinity=AffinityOverrides(max_age=60))
    assert found(affinity=AffinityConfig(ttl=61), routes=(route,)) == [
        (("routes", 0, "affinity", "ttl"), message)
    ]


@pytest.mark.parametrize(
    ("tier", "state"),
    [
        (TierConfig(enabled=False, services=(KNOWN,)), "is off"),
        (TierConfig(), "has no service of a known provider"),
    ],
)
def test_a_tier_that_answers_nothing_is_not_worth_forcing(tier: TierConfig, state: str) -> None:
    rule, strict = RuleConfig(tier="SIMPLE"), RuleConfig(tier="SIMPLE", strict=True)
    other = TierConfig(services=(KNOWN,))

    assert found(
        tiers={"SIMPLE": tier, "COMPLEX": other},
        rules=(rule, strict),
        routes=(RouteConfig(rules=(rule, RuleConfig(tier="COMPLEX"))),),
        cascade=CascadeConfig(enabled=True),
    ) == [
        (("rules", 0, "tier"), f"tier SIMPLE {state}, so another tier answers"),
        (("rules", 1, "tier"), f"tier SIMPLE {state}, so the rule's requests are refused"),
        (("routes", 0, "rules", 0, "tier"), f"tier SIMPLE {state}, so another tier answers"),
        (("cascade", "small"), f"tier SIMPLE {state}, so no small model is asked first"),
    ]


def test_a_tier_that_a_route_fills_can_be_forced_there() -> None:
    rule = RuleConfig(tier="SIMPLE")

    assert found(rules=(rule,), routes=(RouteConfig(tiers={"SIMPLE": (KNOWN,)}, rules=(rule,)),)) == []
