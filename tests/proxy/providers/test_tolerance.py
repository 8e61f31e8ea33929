"""Addresses as people write them: with a path of their own, or with too much of the vendor's."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from proxy.config import ProviderConfig
from proxy.providers.entrance import Auth, Task
from proxy.providers.entrances import entrance
from proxy.providers.entrances.joining import root_of, segment, versioned, without
from proxy.providers.provider import Provider
from proxy.wire.format import Format


def asked(spoken: Format, model: str = "m", task: Task = Task.ANSWER, **table: object) -> tuple[str, Auth]:
    found = entrance(Provider("p", msgspec.convert(table, ProviderConfig)), model, spoken, task)
    assert found is not None
    return found.url, found.auth


@pytest.mark.parametrize(
    ("kind", "base_url", "url"),
    [
        ("gemini", "https://gate/google", "https://gate/google/v1beta/models/m:generateContent"),
        (
            "gemini",
            "https://gate/google/v1beta/openai/",
            "https://gate/google/v1beta/models/m:generateContent",
        ),
        ("azure-anthropic", "https://gate/ai", "https://gate/ai/anthropic/v1/messages"),
        ("azure-anthropic", "https://gate/ai/anthropic/v1/messages", "https://gate/ai/anthropic/v1/messages"),
        ("azure-openai", "https://gate/ai/openai/v1/v1", "https://gate/ai/openai/v1/chat/completions"),
        (
            "databricks",
            "https://gate/db/serving-endpoints",
            "https://gate/db/serving-endpoints/m/invocations",
        ),
        ("ollama", "http://h:1/api", "http://h:1/api/chat"),
        ("openrouter", "https://openrouter.ai/api", "https://openrouter.ai/api/v1/chat/completions"),
        ("openrouter", "https://openrouter.ai/api/v1/v1", "https://openrouter.ai/api/v1/chat/completions"),
        ("openrouter", "https://gate/v1", "https://gate/v1/chat/completions"),
        ("moonshot", "https://api.moonshot.ai/v1/v1", "https://api.moonshot.ai/v1/chat/completions"),
        ("deepseek", "https://api.deepseek.com/v1", "https://api.deepseek.com/chat/completions"),
        (
            "zai",
            "https://api.z.ai/api/coding/paas/v4",
            "https://api.z.ai/api/coding/paas/v4/chat/completions",
        ),
    ],
)
def test_a_path_of_ones_own_stays_and_the_vendors_stands_there_once(
    kind: str, base_url: str, url: str
) -> None:
    spoken = Format.GEMINI if kind == "gemini" else Format.OPENAI_CHAT
    assert asked(spoken, kind=kind, base_url=base_url)[0] == url


@pytest.mark.parametrize("spoken", [Format.ANTHROPIC, Format.OPENAI_CHAT, Format.RESPONSES])
def test_an_address_of_anthropics_format_is_never_left_for_one_that_is_billed_otherwise(
    spoken: Format,
) -> None:
    plan = {"kind": "zai", "base_url": "https://api.z.ai/api/anthropic/v1"}
    assert asked(spoken, **plan) == ("https://api.z.ai/api/anthropic/v1/messages", Auth.X_API_KEY)


def test_an_azure_address_that_says_v1_is_not_asked_with_a_date() -> None:
    table = {
        "kind": "azure-openai",
        "base_url": "https://r.openai.azure.com/openai/v1",
        "api_version": "2024-10-21",
    }
    assert asked(Format.RESPONSES, **table)[0] == "https://r.openai.azure.com/openai/v1/responses"


def test_a_deployments_address_without_a_date_is_asked_by_the_interface_that_needs_none() -> None:
    base = "https://r.openai.azure.com/openai/deployments/mine/chat/completions"
    found = entrance(
        Provider("p", ProviderConfig(kind="azure-openai", base_url=base)), "m", Format.OPENAI_CHAT
    )
    assert found is not None
    assert found.url == "https://r.openai.azure.com/openai/v1/chat/completions"
    assert found.model == "mine"


@pytest.mark.parametrize(
    ("table", "url", "auth"),
    [
        (
            {"kind": "azure-openai", "base_url": "https://r.openai.azure.com", "formats": ["responses"]},
            "https://r.openai.azure.com/openai/v1/responses",
            Auth.API_KEY,
        ),
        (
            {"kind": "openrouter", "formats": ["anthropic"]},
            "https://openrouter.ai/api/v1/messages",
            Auth.BEARER,
        ),
        (
            {"kind": "zai", "formats": ["anthropic"]},
            "https://api.z.ai/api/anthropic/v1/messages",
            Auth.X_API_KEY,
        ),
        (
            {"kind": "openai-compatible", "base_url": "http://h/v1", "formats": ["anthropic"]},
            "http://h/v1/messages",
            Auth.X_API_KEY,
        ),
        ({"kind": "vllm", "formats": ["anthropic"]}, "http://127.0.0.1:8000/v1/messages", Auth.BEARER),
        (
            {"kind": "openai-compatible", "base_url": "http://h", "formats": ["gemini"]},
            "http://h/v1beta/models/m:generateContent",
            Auth.X_GOOG_API_KEY,
        ),
        (
            {"kind": "openai-compatible", "base_url": "http://h/v1", "formats": ["ollama"]},
            "http://h/api/chat",
            Auth.BEARER,
        ),
        (
            {"kind": "vertex", "project": "p", "formats": ["responses"]},
            "https://aiplatform.googleapis.com/v1/projects/p/locations/global/endpoints/openapi/chat/completions",
            Auth.GOOGLE,
        ),
    ],
)
def test_a_configured_format_is_asked_as_the_kind_does_it_else_as_everybody_does(
    table: dict[str, object], url: str, auth: Auth
) -> None:
    assert asked(Format.OPENAI_CHAT, **table) == (url, auth)


def test_amazon_lists_its_models_at_another_host_than_the_one_that_answers() -> None:
    listing = "/foundation-models?byOutputModality=TEXT"
    official = {"kind": "bedrock", "base_url": "https://bedrock-runtime.eu-west-1.amazonaws.com"}
    own = {"kind": "bedrock", "base_url": "https://gate/aws"}
    assert asked(Format.BEDROCK, task=Task.MODELS, **official)[0] == (
        f"https://bedrock.eu-west-1.amazonaws.com{listing}"
    )
    assert asked(Format.BEDROCK, task=Task.MODELS, **own)[0] == f"https://gate/aws{listing}"


@given(st.integers(0, 3), st.sampled_from(["", "/a", "/a/b"]))
def test_however_often_the_version_stands_there_it_is_asked_once(times: int, path: str) -> None:
    base = f"https://h{path}" + "/v1" * times
    assert root_of(base) == f"https://h{path}"
    assert times == 0 or versioned(base) == f"https://h{path}/v1"


@given(st.lists(st.sampled_from(["/v1", "/openai"]), max_size=4))
def test_endings_go_in_any_order(endings: list[str]) -> None:
    assert without("https://h/x" + "".join(endings) + "/", "/v1", "/openai") == "https://h/x"


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_name_of_a_model_is_one_part_of_the_path(name: str) -> None:
    url = URL(f"https://h/models/{segment(name)}", encoded=True)
    assert url.raw_parts == ("/", "models", segment(name))
    assert "/" not in segment(name)
    assert "?" not in segment(name)
