"""What can be added, what is offered, and what is wrong with what was filled in."""

from typing import Any

import pytest

from app.providers.wish import KeySource
from app.settings import Settings
from proxy.config import ProviderConfig
from proxy.local.found import State
from proxy.local.place import Place
from proxy.secret import Secret
from tests.app.proposal.here import model, ollama
from ui.windows.providers.adding.choices import Choice, choices, free_name, matching
from ui.windows.providers.adding.offers import offers
from ui.windows.providers.adding.wishes import Filled, problems, sources, wish

GROQ = "gsk_" + "a1b2c3d4e5f6" * 4
KEY = Secret("sk-canary-4711-abcdefgh")


def choice(kind: str, **more: Any) -> Choice:
    fields: dict[str, Any] = {
        "name": kind, "preset": kind, "kind": kind, "label": kind, "about": "", "is_local": False,
        "base_url": "", "key_variable": "", "keys_at": "", "is_added": False,
    }  # fmt: skip
    return Choice(**{**fields, **more})


def filled(**more: Any) -> Filled:
    fields: dict[str, Any] = {
        "name": "p", "address": "", "source": KeySource.STDIN, "variable": "", "key": KEY,
    }  # fmt: skip
    return Filled(**{**fields, **more})


def test_a_key_in_the_environment_is_offered_by_its_name_alone() -> None:
    (offer,) = offers(Settings(), {"GROQ_API_KEY": GROQ, "PATH": "/bin"}, ())
    assert (offer.wish.name, offer.wish.source, offer.wish.variable) == (
        "groq",
        KeySource.ENVIRONMENT,
        "GROQ_API_KEY",
    )
    assert "GROQ_API_KEY" in offer.sentence
    assert GROQ not in repr(offer)


def test_what_is_configured_already_is_not_offered() -> None:
    settings = Settings(providers={"mine": ProviderConfig(kind="groq")})
    assert offers(settings, {"GROQ_API_KEY": GROQ}, ()) == []


def test_a_server_that_runs_here_is_offered_until_it_is_configured() -> None:
    server = ollama(model("qwen3:8b"))
    (offer,) = offers(Settings(), {}, [server])
    assert offer.sentence == "Ollama runs on this computer, with 1 model."
    assert (offer.wish.kind, offer.wish.base_url) == ("ollama", "")
    settings = Settings(providers={offer.wish.name: ProviderConfig(kind="ollama")})
    assert offers(settings, {}, [server]) == []
    assert offers(Settings(), {}, [ollama(state=State.GONE)]) == []


def test_a_server_at_another_port_is_offered_with_its_address() -> None:
    (offer,) = offers(Settings(), {}, [ollama(model(), place=Place("127.0.0.1", 11500))])
    assert offer.wish.base_url.startswith("http://127.0.0.1:11500")


@pytest.mark.parametrize(
    ("choice", "filled", "field", "words"),
    [
        (choice("anthropic"), filled(name=""), "name", "Give it a name"),
        (choice("anthropic"), filled(name="My Own"), "name", "small letters"),
        (choice("anthropic"), filled(name="taken"), "name", "already"),
        (choice("azure-openai"), filled(), "address", "of its own"),
        (choice("anthropic"), filled(address="no address"), "address", "."),
        (choice("vertex"), filled(source=KeySource.UNSAID), "detail", "project"),
        (choice("anthropic"), filled(source=KeySource.ENVIRONMENT, variable=""), "variable", "name of the"),
        (choice("anthropic"), filled(key=Secret("")), "key", "Paste"),
    ],
)
def test_what_is_wrong_is_told_for_its_field(choice: Choice, filled: Filled, field: Any, words: str) -> None:
    found = problems(choice, filled, {"taken"})
    assert list(found) == [field]
    assert words in found[field]
    assert "--" not in found[field]


def test_what_is_right_becomes_a_wish() -> None:
    azure = choice("azure-openai")
    good = filled(address="https://x.openai.azure.com", details={"api_version": "2025-01-01"})
    assert problems(azure, good, ()) == {}
    made = wish(azure, good)
    assert (made.preset, made.base_url, made.details) == (
        "azure-openai",
        "https://x.openai.azure.com",
        {"api_version": "2025-01-01"},
    )
    assert KEY.reveal() not in repr(good)


def test_where_a_key_can_be_depends_on_the_kind() -> None:
    assert sources(choice("ollama"))[0] is KeySource.NONE
    assert sources(choice("vertex"))[0] is KeySource.UNSAID
    assert KeySource.CLIENT in sources(choice("anthropic"))
    assert KeySource.CLIENT not in sources(choice("groq"))


def test_servers_without_a_preset_stand_at_the_end_and_searching_finds_them() -> None:
    found = choices(())
    assert [each.kind for each in found] == ["openai-compatible", "anthropic-compatible"]
    assert all(each.needs_address for each in found)
    assert [each.kind for each in matching(found, "another openai")] == ["openai-compatible"]


def test_where_a_server_is_whose_address_nobody_has_named_is_not_told() -> None:
    assert [each.where for each in choices(())] == ["", ""]
    assert choice("anthropic").where == "cloud"
    assert choice("ollama", is_local=True).where == "local"


def test_a_second_one_of_the_same_name_gets_a_number() -> None:
    assert free_name("groq", ()) == "groq"
    assert free_name("groq", ("groq", "groq-2")) == "groq-3"


def test_who_is_called_as_it_is_typed_comes_first_and_who_only_mentions_it_last() -> None:
    listed = [
        choice("house", about="Speaks like OpenAI."),
        choice("azure", label="Azure OpenAI"),
        choice("openai-compatible"),
        choice("openai", label="OpenAI"),
    ]
    found = [each.kind for each in matching(listed, " OpenAI ")]
    assert found == ["openai", "openai-compatible", "azure", "house"]
    assert matching(listed, "") == listed
