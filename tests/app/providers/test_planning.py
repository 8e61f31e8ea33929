"""What a wish means: a new table, a further key, another key, or a refusal with a reason."""

from typing import Any

import msgspec
import pytest

from app.errors import UsageError, UserError
from app.providers.planning import ExistsError, Plan, planned
from app.providers.wish import KeySource, Wish
from app.settings import Settings
from app.toml.edits import Assign, Remove, edited
from proxy.config import ProviderConfig

ENV, STDIN, NONE, CLIENT = KeySource.ENVIRONMENT, KeySource.STDIN, KeySource.NONE, KeySource.CLIENT


def plan(existing: dict[str, Any] | None = None, **wish: Any) -> Plan:
    """The plan for a provider called anthropic, which may exist."""
    providers = {"anthropic": msgspec.convert(existing, ProviderConfig)} if existing is not None else {}
    return planned(Wish(**{"name": "anthropic", **wish}), Settings(providers=providers))


@pytest.mark.parametrize(
    ("wish", "table"),
    [
        ({}, {"kind": "anthropic", "key": "keyring"}),
        ({"label": "work"}, {"kind": "anthropic", "key": "keyring:work"}),
        ({"source": ENV, "variable": "KEY"}, {"kind": "anthropic", "key": "env:KEY"}),
        ({"source": CLIENT}, {"kind": "anthropic", "key": "client"}),
        ({"name": "ollama"}, {"kind": "ollama"}),
        ({"name": "bedrock"}, {"kind": "bedrock"}),
        (
            {"name": "bedrock", "details": {"region": "eu-central-1"}},
            {"kind": "bedrock", "region": "eu-central-1"},
        ),
        (
            {"name": "vertex", "details": {"project": "mine", "location": "global"}},
            {"kind": "vertex", "project": "mine", "location": "global"},
        ),
        ({"name": "mine", "preset": "openai"}, {"kind": "openai", "key": "keyring"}),
        (
            {"name": "mine", "kind": "vllm", "base_url": "http://127.0.0.1:9000/"},
            {"kind": "vllm", "base_url": "http://127.0.0.1:9000/v1"},
        ),
        (
            {"name": "mine", "kind": "openai-compatible", "base_url": "https://h.example", "source": NONE},
            {"kind": "openai-compatible", "base_url": "https://h.example/v1", "key": "none"},
        ),
        (
            {
                "name": "az",
                "kind": "azure-openai",
                "base_url": "https://h.example",
                "details": {"api_version": "v1"},
            },
            {"kind": "azure-openai", "base_url": "https://h.example", "key": "keyring", "api_version": "v1"},
        ),
    ],
)
def test_a_new_provider_gets_a_table_of_what_is_not_so_by_default(
    wish: dict[str, Any], table: dict[str, Any]
) -> None:
    made = plan(**wish)
    assert made.edits == (Assign(("providers", made.name), table),)
    assert made.is_new
    assert made.stores == {
        "keyring": f"provider/{made.name}",
        "keyring:work": "provider/anthropic/work",
    }.get(table.get("key", ""), "")


ONE = {"kind": "anthropic", "key": "env:A"}
IN_KEYRING = {"kind": "anthropic"}


@pytest.mark.parametrize(
    ("existing", "wish", "keys", "stores"),
    [
        (ONE, {"label": "work"}, ["env:A", "keyring:work"], "provider/anthropic/work"),
        (ONE, {"source": STDIN}, ["env:A", "keyring"], "provider/anthropic"),
        (ONE, {"source": ENV, "variable": "B"}, ["env:A", "env:B"], ""),
        (IN_KEYRING, {"label": "work"}, ["keyring", "keyring:work"], "provider/anthropic/work"),
        ({"kind": "vllm"}, {"label": "work"}, ["keyring:work"], "provider/anthropic/work"),
        ({"kind": "openai", "keys": ["env:A", "env:B"]}, {"label": "w"}, ["env:A", "env:B", "keyring:w"],
         "provider/anthropic/w"),
    ],
)  # fmt: skip
def test_a_further_key_stands_behind_those_that_are_there(
    existing: dict[str, Any], wish: dict[str, Any], keys: list[str], stores: str
) -> None:
    made = plan(existing, **wish)
    assert list(made.config.key_forms) == keys
    assert (made.stores, made.drops, made.is_new) == (stores, (), False)


def test_key_becomes_keys_and_the_comments_around_it_stay() -> None:
    table = '[providers.anthropic]  # mine\nkind = "anthropic"  # c\n# d\n{}\n\n# e\n[ui]\n'
    after = edited(table.format('key = "env:A"'), plan(ONE, label="work").edits)
    assert after == table.format('keys = ["env:A", "keyring:work"]')


def test_a_key_that_the_table_names_and_the_keyring_lacks_is_only_stored() -> None:
    made = plan(IN_KEYRING)
    assert (made.edits, made.stores) == ((), "provider/anthropic")


@pytest.mark.parametrize(
    ("existing", "wish"),
    [
        (ONE, {}),
        (ONE, {"source": ENV, "variable": "A"}),
        (ONE, {"source": NONE}),
        (ONE, {"source": CLIENT}),
        (ONE, {"kind": "openai"}),
        (ONE, {"preset": "anthropic"}),
        (IN_KEYRING, {"label": "work", "base_url": "https://h.example"}),
        ({"kind": "ollama"}, {}),
    ],
)
def test_an_existing_name_is_refused_unless_a_key_is_added(
    existing: dict[str, Any], wish: dict[str, Any]
) -> None:
    with pytest.raises(ExistsError, match=r"--replace") as raised:
        plan(existing, **wish)
    assert raised.value.exit_code == 1


def test_replace_with_a_key_leaves_the_rest_of_the_table() -> None:
    made = plan({**IN_KEYRING, "keys": ["keyring", "env:A"]}, replaces=True, source=ENV, variable="B")
    assert made.edits == (
        Assign(("providers", "anthropic", "key"), "env:B"),
        Remove(("providers", "anthropic", "keys")),
    )
    assert made.drops == ("provider/anthropic",)


def test_replace_of_a_key_by_a_newer_one_changes_the_keyring_only() -> None:
    made = plan({"kind": "anthropic", "keys": ["keyring:a", "keyring:b"]}, replaces=True, label="b")
    assert (made.edits, made.stores, made.drops) == ((), "provider/anthropic/b", ())


def test_replace_with_another_description_makes_the_whole_table_anew() -> None:
    existing = {"kind": "anthropic", "keys": ["keyring", "keyring:work"], "headers": {"x-team": "t"}}
    made = plan(existing, replaces=True, kind="openai")
    assert made.edits == (Assign(("providers", "anthropic"), {"kind": "openai", "key": "keyring"}),)
    assert (made.stores, made.drops) == ("provider/anthropic", ("provider/anthropic/work",))


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"name": "antropic"}, 'did you mean "anthropic"'),
        ({"name": "zzz"}, "--kind with one of anthropic, openai"),
        ({"preset": "zzz"}, 'no preset "zzz"'),
        ({"name": "mine", "kind": "openai-compatible"}, "name yours with --base-url"),
        ({"name": "azure-openai"}, "name yours with --base-url"),
        ({"name": "a/b", "kind": "openai"}, "contains no slash"),
        ({"name": "", "kind": "openai"}, "not empty"),
        (
            {"details": {"region": "eu-central-1"}},
            "--region means nothing to kind anthropic, only to bedrock",
        ),
        ({"details": {"api_version": "v1"}}, "--api-version means nothing to kind anthropic"),
        ({"source": CLIENT, "base_url": "https://h.example"}, "--client-key"),
        ({"name": "groq", "source": CLIENT}, "--client-key"),
        ({"base_url": "h.example"}, "--base-url: found no scheme"),
    ],
)
def test_what_cannot_be_is_refused_as_wrong_usage(wish: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError) as raised:
        plan(**wish)
    assert words in str(raised.value)


TWO = {"kind": "anthropic", "keys": ["keyring", "env:A", "keyring:work"]}


def test_a_key_that_is_replaced_by_name_leaves_all_others_in_their_places() -> None:
    made = plan(TWO, replaces=True, source=STDIN, replaced="env:A", label="new")
    assert made.config.key_forms == ("keyring", "keyring:new", "keyring:work")
    assert (made.stores, made.drops) == ("provider/anthropic/new", ())
    made = plan(TWO, replaces=True, source=STDIN, replaced="keyring:work", label="work")
    assert (made.edits, made.stores, made.drops) == ((), "provider/anthropic/work", ())


def test_a_key_that_is_gone_is_not_replaced_for_that_would_drop_the_others() -> None:
    there = {"kind": "anthropic", "keys": ["keyring", "env:A"]}
    with pytest.raises(UserError, match="no longer"):
        plan(there, replaces=True, source=STDIN, replaced="keyring:work", label="work", is_there=True)


def test_a_further_key_is_for_a_provider_that_is_there() -> None:
    with pytest.raises(UserError, match='no provider "anthropic"'):
        plan(None, source=STDIN, label="work", is_there=True)


def test_a_further_key_does_not_overwrite_one_that_came_meanwhile() -> None:
    with pytest.raises(UserError, match="by now"):
        plan(TWO, source=STDIN, label="work", is_there=True)
    with pytest.raises(UserError, match="by now"):
        plan(TWO, replaces=True, source=STDIN, replaced="env:A", label="work")
