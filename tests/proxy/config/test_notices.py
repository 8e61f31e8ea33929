"""What is well-formed and cannot work is named, and nothing else is."""

import pytest

from proxy.config import (
    CascadeConfig,
    Config,
    KeyPath,
    PriceConfig,
    ProviderConfig,
    RouteConfig,
    RuleConfig,
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
