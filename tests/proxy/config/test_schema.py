"""The structs of the configuration: complete, described, frozen, and right about themselves."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from app.configuration.shapes import Either, Names, Record, Sequence, Shape, fields_of
from app.settings import Settings
from proxy.config import (
    TIER_NAMES,
    AffinityConfig,
    AffinityOverrides,
    Condition,
    Config,
    LocalServer,
    ProviderConfig,
    RouteConfig,
    RoutingConfig,
    RuleConfig,
    ServerConfig,
    ServiceEntry,
    Table,
)


def tables(shape: Shape, seen: set[type]) -> Iterator[type[msgspec.Struct]]:
    match shape:
        case Record(type=table) if table not in seen:
            seen.add(table)
            yield table
            for field in fields_of(table).values():
                yield from tables(field.shape, seen)
        case Sequence(item=item) | Names(item=item):
            yield from tables(item, seen)
        case Either(shapes=shapes):
            for one in shapes:
                yield from tables(one, seen)


ALL_TABLES = list(tables(Record(Settings), set()))


@pytest.mark.parametrize("table", ALL_TABLES, ids=lambda table: table.__name__)
def test_every_key_has_a_sentence_and_every_table_is_frozen_and_closed(table: type[msgspec.Struct]) -> None:
    assert table.__struct_config__.frozen
    assert table.__struct_config__.forbid_unknown_fields
    for key, field in fields_of(table).items():
        assert field.description.endswith("."), key


def test_only_what_has_no_sensible_default_is_required() -> None:
    required = {
        (table.__name__, key) for table in ALL_TABLES for key, f in fields_of(table).items() if f.required
    }

    assert required == {("ServiceEntry", "provider"), ("ServiceEntry", "model"), ("LocalServer", "url")}


def test_equal_configurations_are_equal() -> None:
    assert Config() == Config()
    assert Config(server=ServerConfig(port=1)) != Config()


def test_a_service_splits_at_the_first_slash() -> None:
    assert ServiceEntry.from_text("openrouter/meta/llama") == ServiceEntry("openrouter", "meta/llama")
    assert ServiceEntry("openrouter", "meta/llama").name == "openrouter/meta/llama"


@pytest.mark.parametrize("text", ["", "model", "/model", "provider/"])
def test_a_text_that_names_no_service(text: str) -> None:
    with pytest.raises(ValueError, match='allowed: "provider/model"'):
        ServiceEntry.from_text(text)


def test_unnamed_routes_and_rules_are_called_by_their_number() -> None:
    rules = (RuleConfig(tier="SIMPLE"), RuleConfig(name="own", tier="SIMPLE"))
    config = Config(routes=(RouteConfig(name="first"), RouteConfig(rules=rules)), rules=rules)

    assert [route.name for route in config.routes] == ["first", "2"]
    assert [rule.name for rule in config.routes[1].rules] == ["1", "own"]
    assert [rule.name for rule in config.rules] == ["1", "own"]


def test_a_number_that_is_taken_is_no_name() -> None:
    routes = (RouteConfig(name="2"), RouteConfig(), RouteConfig(name="2 (unnamed)"))
    config = Config(routes=routes, rules=tuple(RuleConfig(name=name, tier="SIMPLE") for name in ("2", "")))

    assert [route.name for route in config.routes] == ["2", "2 (unnamed) (unnamed)", "2 (unnamed)"]
    assert [rule.name for rule in config.rules] == ["2", "2 (unnamed)"]
    assert list(config.findings()) == []
    assert msgspec.structs.replace(config).routes == config.routes


def test_a_route_overrides_only_the_affinity_it_names() -> None:
    affinity = AffinityConfig(mode="off", ttl=100)

    assert affinity.overridden_by(AffinityOverrides(ttl=5, sliding=False)) == AffinityConfig(
        mode="off", ttl=5, sliding=False
    )


def test_a_route_can_override_every_key_of_affinity_and_no_other() -> None:
    own, general = fields_of(AffinityOverrides), fields_of(AffinityConfig)

    assert {key: field.shape for key, field in own.items()} == {
        key: field.shape for key, field in general.items()
    }


def test_every_tier_is_there_whether_the_file_names_it_or_not() -> None:
    assert [Config().tier(name).enabled for name in TIER_NAMES] == [True] * 4


@pytest.mark.parametrize(
    ("table", "finding"),
    [
        (ServerConfig(host="0.0.0.0"), 'found "0.0.0.0", which other machines can reach'),
        (ServerConfig(host="my-laptop"), 'found "my-laptop", which other machines can reach'),
        (RoutingConfig(thresholds=(50, 20, 75)), "found [50, 20, 75]; allowed: three ascending numbers"),
        (RoutingConfig(thresholds=(20, 20, 75)), "found [20, 20, 75]; allowed: three ascending numbers"),
        (RuleConfig(), "found neither tier nor services"),
        (RuleConfig(tier="SIMPLE", services=(ServiceEntry("p", "m"),)), "found both tier and services"),
        (Condition(), "found an empty condition"),
        (Condition(signal="tokens"), "a test needs signal, op and value"),
        (Condition(signal="tokens", op="ge"), "a test needs signal, op and value"),
        (ServerConfig(host="[::1]"), 'without brackets: "::1"'),
        (ServerConfig(host="[::]", allow_remote=True), 'without brackets: "::"'),
        (Condition(signal="x", op="y", negated=Condition(signal="x", op="y")), "found several forms at once"),
        (ServiceEntry("a/b", "m"), "no provider's name contains a slash"),
        (ProviderConfig(base_url="ftp://host"), 'found "ftp://"; allowed: http://, https://'),
        (ProviderConfig(base_url="localhost:11434"), "found no scheme; allowed: http://, https://"),
        (ProviderConfig(base_url="http://"), "found no host"),
        (ProviderConfig(base_url="http://h/a b"), "found white space"),
        (ProviderConfig(base_url=" http://h"), "found white space"),
        (ProviderConfig(base_url="http://h\n"), "found white space"),
        (ProviderConfig(base_url="http://h/v1?key=s3cret"), "found ? or #"),
        (ProviderConfig(base_url="http://h/#s3cret"), "found ? or #"),
        (ProviderConfig(proxy="http://h?x", base_url="http://h"), "found ? or #"),
        (LocalServer("http://h:1/ "), "found white space"),
        (ProviderConfig(base_url="http://host:port"), "found something that is no address"),
        (ProviderConfig(proxy="socks4://host", base_url="http://h"), 'found "socks4://"; allowed: http://'),
        (ProviderConfig(key="keyring", keys=("none",), base_url="http://h"), "set key or keys, not both"),
        (ProviderConfig(headers={"a b": "x"}, base_url="http://h"), "is no header name"),
        (ProviderConfig(headers={"a": "x\r\ny: z"}, base_url="http://h"), "no header may carry"),
        (ProviderConfig(), 'kind "openai-compatible" has no address of its own'),
        (LocalServer("127.0.0.1:9000"), "found no scheme"),
    ],
)
def test_what_a_table_says_about_itself(table: Table, finding: str) -> None:
    (found,) = table.findings()

    assert finding in found.message
    assert "s3cret" not in found.message


@pytest.mark.parametrize(
    "table",
    [
        ServerConfig(host="127.0.0.53"),
        ServerConfig(host="::1"),
        ServerConfig(host="localhost"),
        ServerConfig(host="0.0.0.0", allow_remote=True),
        ProviderConfig(kind="vllm", base_url="https://user:pw@host:1/v1", proxy="socks5://127.0.0.1:9050"),
        Condition(signal="thinking", op="enabled"),
        Condition(all_of=(Condition(signal="tokens", op="ge", value=1),)),
    ],
)
def test_what_needs_no_remark(table: Table) -> None:
    assert list(table.findings()) == []


def test_a_configuration_cannot_be_changed() -> None:
    config: Any = Config()

    with pytest.raises(AttributeError):
        config.server = ServerConfig(port=1)
