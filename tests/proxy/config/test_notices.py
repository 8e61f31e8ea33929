"""What is well-formed and cannot work is named, and nothing else is."""

from random import Random

import msgspec
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
    TierName,
    notices,
)
from proxy.config.notices import VENDORS_OF_CLIENTS
from proxy.providers.kinds import KINDS
from proxy.routing.selection.request import Request
from proxy.routing.selection.selector import Selector
from proxy.routing.selection.snapshot import Snapshot
from proxy.routing.signals import Signals

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
        (("rules", 0), "none of its services has a known provider, so the rule is never applied"),
    ]
    (*_, (_, said)) = found(rules=(RuleConfig(services=(UNKNOWN,), strict=True),))
    assert said == "none of its services has a known provider, so its requests are refused"


def test_everything_inside_a_route_is_looked_at() -> None:
    route = RouteConfig(tiers={"SIMPLE": (UNKNOWN,)}, rules=(RuleConfig(services=(KNOWN, UNKNOWN)),))

    assert [path for path, _ in found(routes=(route,))] == [
        ("routes", 0, "tiers", "SIMPLE", 0),
        ("routes", 0, "rules", 0, "services", 1),
    ]


def test_services_of_a_route_that_uses_tiers_have_no_effect() -> None:
    assert found(routes=(RouteConfig(services=(KNOWN,)),)) == [
        (("routes", 0, "services"), 'has no effect without use = "pool"')
    ]


SIMPLE = {"SIMPLE": TierConfig(services=(KNOWN,))}
BY_NAME = "an embedding model goes by its name to who has it"
TO_TIERS, REFUSED = "its requests go to the tiers", "its requests are refused"


@pytest.mark.parametrize(
    ("route", "tiers", "becomes"),
    [
        (RouteConfig(use="pool"), SIMPLE, TO_TIERS),
        (RouteConfig(use="pool", services=(UNKNOWN,)), SIMPLE, TO_TIERS),
        (RouteConfig(use="pool", tiers={"COMPLEX": (KNOWN,)}), {}, TO_TIERS),
        (RouteConfig(use="pool", strict=True), SIMPLE, REFUSED),
        (RouteConfig(use="pool"), {}, REFUSED),
        (RouteConfig(use="pool"), {"SIMPLE": TierConfig(enabled=False, services=(KNOWN,))}, REFUSED),
        (RouteConfig(use="pool", surface="embeddings", services=(UNKNOWN,)), SIMPLE, REFUSED),
        (RouteConfig(use="pool", surface="embeddings"), SIMPLE, BY_NAME),
    ],
    ids=["none", "unknown", "its own tiers", "strict", "no tier", "tier off", "embeddings", "no embeddings"],
)
def test_a_pool_without_anybody_says_what_becomes_of_its_requests(
    route: RouteConfig, tiers: dict[TierName, TierConfig], becomes: str
) -> None:
    said = f'use = "pool" without any service of a known provider, so {becomes}'
    assert (("routes", 0), said) in found(routes=(route,), tiers=tiers)


@pytest.mark.parametrize("strict", [False, True])
def test_what_is_said_of_a_pool_without_anybody_is_what_happens(*, strict: bool) -> None:
    route = RouteConfig(use="pool", services=(UNKNOWN,), strict=strict)
    config = Config(providers=PROVIDERS, routes=(route,), tiers=SIMPLE)
    decision = Selector(config).select(Request(signals=Signals(model="x")), Snapshot(), Random(0))
    assert (decision.service is None) is strict


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


def about_provider(**table: object) -> list[tuple[KeyPath, str]]:
    config = Config(providers={"p": msgspec.convert(table, ProviderConfig)})
    return [(finding.path[2:], finding.message) for finding in notices(config)]


@pytest.mark.parametrize(
    ("table", "is_used"),
    [
        ({"kind": "anthropic"}, True),
        ({"kind": "openai"}, True),
        ({"kind": "anthropic", "base_url": "https://api.anthropic.com/v1"}, True),
        ({"kind": "openai", "base_url": "https://api.openai.com.example/v1"}, False),
        ({"kind": "openai", "base_url": "http://api.openai.com/v1"}, False),
        ({"kind": "openai", "base_url": "https://api.openai.com:bad/v1"}, False),
        ({"kind": "anthropic", "base_url": "https://proxy.example"}, False),
        ({"kind": "gemini"}, False),
        ({"kind": "anthropic-compatible", "base_url": "https://api.anthropic.com"}, False),
    ],
)
def test_a_clients_own_credential_is_said_to_be_risky_where_it_goes_and_unused_elsewhere(
    table: dict[str, object], is_used: bool
) -> None:
    ((place, message),) = about_provider(**table, key="client")

    assert place == ("key",)
    assert ("against its vendor's terms" in message) is is_used
    assert ("is never used" in message) is not is_used


def test_one_key_of_several_is_named_by_its_place() -> None:
    ((place, message),) = about_provider(kind="groq", keys=["keyring:work", "client"])

    assert place == ("keys", 1)
    assert "is never used" in message


def test_the_vendors_of_clients_are_those_of_their_kinds() -> None:
    for kind, place in VENDORS_OF_CLIENTS.items():
        assert KINDS[kind].root.removesuffix("/v1") == place


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("region", "bedrock"),
        ("aws_profile", "bedrock"),
        ("project", "vertex"),
        ("location", "vertex"),
        ("api_version", "azure-openai"),
    ],
)
def test_what_only_one_kind_knows_has_no_effect_on_another(key: str, kind: str) -> None:
    assert about_provider(kind=kind, **{key: "x"}) == []
    assert about_provider(kind="groq", **{key: "x"}) == [
        ((key,), f'has no effect: only kind "{kind}" has it')
    ]
