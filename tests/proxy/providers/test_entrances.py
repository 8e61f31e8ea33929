"""Where each kind of provider is asked: the addresses that the vendors document, as a table."""

from collections.abc import Iterator

import msgspec
import pytest

from proxy.config import PROVIDER_KINDS, ProviderConfig
from proxy.providers.entrance import Auth, Task
from proxy.providers.entrances import entrance
from proxy.providers.entrances.choice import ADAPTERS
from proxy.providers.kinds import KINDS
from proxy.providers.provider import Provider
from proxy.wire.format import Format

A, C, R, G, L, B = (
    Format.ANTHROPIC,
    Format.OPENAI_CHAT,
    Format.RESPONSES,
    Format.GEMINI,
    Format.OLLAMA,
    Format.BEDROCK,
)
AZURE = "https://r.openai.azure.com"
FOUNDRY = "https://r.services.ai.azure.com"
VERTEX = {"kind": "vertex", "project": "p"}
BEDROCK = "https://bedrock-runtime.eu-west-1.amazonaws.com/model"
IN_EUROPE = {"kind": "bedrock", "region": "eu-west-1"}


def provider(**table: object) -> Provider:
    return Provider("p", msgspec.convert(table, ProviderConfig))


# What is configured, the model, the client's format; then the provider's format, the URL, the key's place.
ANSWERS: list[tuple[dict[str, object], str, Format, Format, str, Auth]] = [
    ({"kind": "anthropic"}, "m", A, A, "https://api.anthropic.com/v1/messages", Auth.X_API_KEY),
    ({"kind": "anthropic"}, "m", C, A, "https://api.anthropic.com/v1/messages", Auth.X_API_KEY),
    ({"kind": "anthropic", "base_url": "http://h:1/"}, "m", A, A, "http://h:1/v1/messages", Auth.X_API_KEY),
    ({"kind": "anthropic", "base_url": "http://h/v1/v1/"}, "m", A, A, "http://h/v1/messages", Auth.X_API_KEY),
    (
        {"kind": "anthropic-compatible", "base_url": "https://h/anthropic"},
        "m",
        G,
        A,
        "https://h/anthropic/v1/messages",
        Auth.X_API_KEY,
    ),
    ({"kind": "openai"}, "m", C, C, "https://api.openai.com/v1/chat/completions", Auth.BEARER),
    ({"kind": "openai"}, "m", R, R, "https://api.openai.com/v1/responses", Auth.BEARER),
    ({"kind": "openai"}, "m", A, C, "https://api.openai.com/v1/chat/completions", Auth.BEARER),
    ({"kind": "openai"}, "gpt-5-codex", A, R, "https://api.openai.com/v1/responses", Auth.BEARER),
    ({"kind": "openai"}, "gpt-5-codex", C, R, "https://api.openai.com/v1/responses", Auth.BEARER),
    (
        {"kind": "openai-compatible", "base_url": "http://h/v1/"},
        "m",
        C,
        C,
        "http://h/v1/chat/completions",
        Auth.BEARER,
    ),
    (
        {"kind": "openai-compatible", "base_url": "http://h"},
        "m",
        C,
        C,
        "http://h/v1/chat/completions",
        Auth.BEARER,
    ),
    (
        {"kind": "openai-compatible", "base_url": "http://h/v1/v1"},
        "m",
        R,
        C,
        "http://h/v1/chat/completions",
        Auth.BEARER,
    ),
    (
        {"kind": "openai-compatible", "base_url": "http://h/api/paas/v4"},
        "m",
        C,
        C,
        "http://h/api/paas/v4/chat/completions",
        Auth.BEARER,
    ),
    (
        {"kind": "openai-compatible", "base_url": "http://h/v1", "formats": ["responses", "chat"]},
        "m",
        A,
        R,
        "http://h/v1/responses",
        Auth.BEARER,
    ),
    (
        {"kind": "azure-openai", "base_url": AZURE, "api_version": "2024-10-21"},
        "gpt 5",
        C,
        C,
        f"{AZURE}/openai/deployments/gpt%205/chat/completions?api-version=2024-10-21",
        Auth.API_KEY,
    ),
    (
        {"kind": "azure-openai", "base_url": AZURE},
        "d",
        C,
        C,
        f"{AZURE}/openai/v1/chat/completions",
        Auth.API_KEY,
    ),
    (
        {"kind": "azure-openai", "base_url": f"{AZURE}/openai/v1/", "api_version": "preview"},
        "d",
        R,
        R,
        f"{AZURE}/openai/v1/responses?api-version=preview",
        Auth.API_KEY,
    ),
    (
        {"kind": "azure-openai", "base_url": f"{AZURE}/openai/deployments/mine", "api_version": "2024-10-21"},
        "anything",
        A,
        C,
        f"{AZURE}/openai/deployments/mine/chat/completions?api-version=2024-10-21",
        Auth.API_KEY,
    ),
    (
        {"kind": "azure-openai", "base_url": f"{FOUNDRY}/models", "api_version": "2024-05-01-preview"},
        "d",
        C,
        C,
        f"{FOUNDRY}/models/chat/completions?api-version=2024-05-01-preview",
        Auth.BEARER,
    ),
    (
        {"kind": "azure-anthropic", "base_url": FOUNDRY},
        "d",
        A,
        A,
        f"{FOUNDRY}/anthropic/v1/messages",
        Auth.X_API_KEY,
    ),
    (
        {"kind": "azure-anthropic", "base_url": f"{FOUNDRY}/anthropic/v1"},
        "d",
        A,
        A,
        f"{FOUNDRY}/anthropic/v1/messages",
        Auth.X_API_KEY,
    ),
    (IN_EUROPE, "amazon.nova-pro-v1:0", A, B, f"{BEDROCK}/amazon.nova-pro-v1%3A0/converse", Auth.AWS),
    (
        IN_EUROPE,
        "eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
        A,
        A,
        f"{BEDROCK}/eu.anthropic.claude-sonnet-4-5-20250929-v1%3A0/invoke",
        Auth.AWS,
    ),
    (
        IN_EUROPE,
        "arn:aws:bedrock:eu-west-1:1:inference-profile/x",
        C,
        B,
        f"{BEDROCK}/arn%3Aaws%3Abedrock%3Aeu-west-1%3A1%3Ainference-profile%2Fx/converse",
        Auth.AWS,
    ),
    (
        {**VERTEX, "location": "us-east5"},
        "claude-opus-4-5@20251101",
        A,
        A,
        (
            "https://us-east5-aiplatform.googleapis.com/v1/projects/p/locations/us-east5/publishers/anthropic/models/"
            "claude-opus-4-5%4020251101:rawPredict"
        ),
        Auth.GOOGLE,
    ),
    (
        VERTEX,
        "gemini-2.5-pro",
        A,
        G,
        (
            "https://aiplatform.googleapis.com/v1/projects/p/locations/global/publishers/google/models/"
            "gemini-2.5-pro:generateContent"
        ),
        Auth.GOOGLE,
    ),
    (
        {**VERTEX, "location": "eu"},
        "meta/llama-4",
        C,
        C,
        "https://aiplatform.eu.rep.googleapis.com/v1/projects/p/locations/eu/endpoints/openapi/chat/completions",
        Auth.GOOGLE,
    ),
    ({"kind": "openrouter"}, "a/b", C, C, "https://openrouter.ai/api/v1/chat/completions", Auth.BEARER),
    ({"kind": "openrouter"}, "a/b", A, A, "https://openrouter.ai/api/v1/messages", Auth.BEARER),
    (
        {"kind": "databricks", "base_url": "https://w.cloud.databricks.com/"},
        "databricks-claude-sonnet-4-5",
        A,
        A,
        "https://w.cloud.databricks.com/serving-endpoints/anthropic/v1/messages",
        Auth.BEARER,
    ),
    (
        {"kind": "databricks", "base_url": "https://w.cloud.databricks.com"},
        "databricks-gpt-oss-120b",
        A,
        C,
        "https://w.cloud.databricks.com/serving-endpoints/databricks-gpt-oss-120b/invocations",
        Auth.BEARER,
    ),
    ({"kind": "moonshot"}, "m", C, C, "https://api.moonshot.ai/v1/chat/completions", Auth.BEARER),
    ({"kind": "moonshot"}, "m", A, A, "https://api.moonshot.ai/anthropic/v1/messages", Auth.X_API_KEY),
    (
        {"kind": "moonshot", "base_url": "https://api.moonshot.cn/v1"},
        "m",
        A,
        A,
        "https://api.moonshot.cn/anthropic/v1/messages",
        Auth.X_API_KEY,
    ),
    ({"kind": "zai"}, "m", R, C, "https://api.z.ai/api/paas/v4/chat/completions", Auth.BEARER),
    ({"kind": "zai"}, "m", A, A, "https://api.z.ai/api/anthropic/v1/messages", Auth.X_API_KEY),
    ({"kind": "deepseek"}, "m", C, C, "https://api.deepseek.com/chat/completions", Auth.BEARER),
    ({"kind": "deepseek"}, "m", A, A, "https://api.deepseek.com/anthropic/v1/messages", Auth.X_API_KEY),
    (
        {"kind": "gemini"},
        "gemini-2.5-pro",
        A,
        G,
        "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro:generateContent",
        Auth.X_GOOG_API_KEY,
    ),
    (
        {"kind": "gemini"},
        "m",
        C,
        C,
        "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions",
        Auth.BEARER,
    ),
    ({"kind": "mistral"}, "m", A, C, "https://api.mistral.ai/v1/chat/completions", Auth.BEARER),
    ({"kind": "groq"}, "m", C, C, "https://api.groq.com/openai/v1/chat/completions", Auth.BEARER),
    ({"kind": "xai"}, "m", C, C, "https://api.x.ai/v1/chat/completions", Auth.BEARER),
    ({"kind": "together"}, "m", C, C, "https://api.together.xyz/v1/chat/completions", Auth.BEARER),
    ({"kind": "fireworks"}, "m", C, C, "https://api.fireworks.ai/inference/v1/chat/completions", Auth.BEARER),
    ({"kind": "cerebras"}, "m", C, C, "https://api.cerebras.ai/v1/chat/completions", Auth.BEARER),
    ({"kind": "ollama"}, "m", C, L, "http://127.0.0.1:11434/api/chat", Auth.BEARER),
    ({"kind": "ollama", "base_url": "http://h:1/v1"}, "m", A, L, "http://h:1/api/chat", Auth.BEARER),
    (
        {"kind": "ollama", "formats": ["chat"]},
        "m",
        A,
        C,
        "http://127.0.0.1:11434/v1/chat/completions",
        Auth.BEARER,
    ),
    ({"kind": "llamacpp"}, "m", A, C, "http://127.0.0.1:8080/v1/chat/completions", Auth.BEARER),
    ({"kind": "lmstudio"}, "m", R, C, "http://127.0.0.1:1234/v1/chat/completions", Auth.BEARER),
    ({"kind": "vllm"}, "m", C, C, "http://127.0.0.1:8000/v1/chat/completions", Auth.BEARER),
]


@pytest.mark.parametrize(("table", "model", "spoken", "format_", "url", "auth"), ANSWERS)
def test_where_a_model_is_asked(
    table: dict[str, object], model: str, spoken: Format, format_: Format, url: str, auth: Auth
) -> None:
    found = entrance(provider(**table), model, spoken)
    assert found is not None
    assert (found.url, found.format, found.auth) == (url, format_, auth)


def _kinds_asked() -> Iterator[object]:
    return (table["kind"] for table, *_ in ANSWERS)


def test_every_kind_is_in_the_table_and_has_an_adapter() -> None:
    assert set(_kinds_asked()) == set(PROVIDER_KINDS) == set(KINDS) == set(ADAPTERS)


@pytest.mark.parametrize(
    ("table", "model", "stream_url"),
    [
        (IN_EUROPE, "amazon.nova-pro-v1:0", f"{BEDROCK}/amazon.nova-pro-v1%3A0/converse-stream"),
        (
            IN_EUROPE,
            "anthropic.claude-x",
            f"{BEDROCK}/anthropic.claude-x/invoke-with-response-stream",
        ),
        (
            {"kind": "gemini"},
            "g",
            "https://generativelanguage.googleapis.com/v1beta/models/g:streamGenerateContent?alt=sse",
        ),
    ],
)
def test_some_stream_at_an_address_of_its_own(table: dict[str, object], model: str, stream_url: str) -> None:
    found = entrance(provider(**table), model, A)
    assert found is not None
    assert found.stream_url == stream_url
    assert not found.model_in_body


@pytest.mark.parametrize(
    ("table", "model", "task", "url"),
    [
        ({"kind": "anthropic"}, "m", Task.COUNT, "https://api.anthropic.com/v1/messages/count_tokens"),
        ({"kind": "anthropic"}, "m", Task.MODELS, "https://api.anthropic.com/v1/models?limit=1000"),
        ({"kind": "openai"}, "m", Task.MODELS, "https://api.openai.com/v1/models"),
        ({"kind": "openai"}, "m", Task.EMBED, "https://api.openai.com/v1/embeddings"),
        (
            {"kind": "azure-openai", "base_url": AZURE, "api_version": "2024-10-21"},
            "e",
            Task.EMBED,
            f"{AZURE}/openai/deployments/e/embeddings?api-version=2024-10-21",
        ),
        ({"kind": "openrouter"}, "m", Task.MODELS, "https://openrouter.ai/api/v1/models"),
        ({"kind": "ollama"}, "m", Task.MODELS, "http://127.0.0.1:11434/api/tags"),
        ({"kind": "ollama"}, "m", Task.EMBED, "http://127.0.0.1:11434/v1/embeddings"),
        ({"kind": "llamacpp"}, "m", Task.COUNT, "http://127.0.0.1:8080/v1/messages/count_tokens"),
        (
            VERTEX,
            "claude-x",
            Task.COUNT,
            (
                "https://aiplatform.googleapis.com/v1/projects/p/locations/global/publishers/anthropic/models/"
                "count-tokens:rawPredict"
            ),
        ),
        (
            IN_EUROPE,
            "m",
            Task.MODELS,
            "https://bedrock.eu-west-1.amazonaws.com/foundation-models?byOutputModality=TEXT",
        ),
    ],
)
def test_where_everything_else_is_done(table: dict[str, object], model: str, task: Task, url: str) -> None:
    found = entrance(provider(**table), model, A, task)
    assert found is not None
    assert found.url == url


@pytest.mark.parametrize(
    ("table", "task"),
    [
        ({"kind": "anthropic"}, Task.EMBED),
        ({"kind": "openai"}, Task.COUNT),
        ({"kind": "openai-compatible"}, Task.ANSWER),
        ({"kind": "azure-openai"}, Task.ANSWER),
    ],
)
def test_what_is_not_offered_has_no_address(table: dict[str, object], task: Task) -> None:
    assert entrance(provider(**table), "m", A, task) is None


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ({"kind": "databricks"}, "needs a `base_url`"),
        ({"kind": "azure-openai"}, "needs a `base_url`"),
        ({"kind": "vertex"}, "needs a `project`"),
        ({"kind": "openai", "key": "none"}, "needs a key"),
        ({"kind": "openai"}, None),
        ({"kind": "bedrock"}, "needs a `region`"),
        (IN_EUROPE, None),
        ({"kind": "ollama"}, None),
        ({"kind": "vertex", "project": "p"}, None),
        ({"kind": "openai", "key": "none", "base_url": "http://mine"}, None),
    ],
)
def test_what_a_kind_needs_to_be_configured(table: dict[str, object], sentence: str | None) -> None:
    told = provider(**table).why_not_configured()
    assert told is None if sentence is None else sentence in (told or "")


@pytest.mark.parametrize(
    ("table", "is_official"),
    [
        ({"kind": "anthropic"}, True),
        ({"kind": "anthropic", "base_url": "https://api.anthropic.com/"}, True),
        ({"kind": "anthropic", "base_url": "https://api.anthropic.com.evil.example"}, False),
        ({"kind": "anthropic", "base_url": "http://api.anthropic.com"}, False),
        ({"kind": "anthropic", "base_url": "https://api.anthropic.com:8443"}, False),
        ({"kind": "anthropic-compatible", "base_url": "https://api.anthropic.com"}, False),
        ({"kind": "bedrock"}, False),
    ],
)
def test_who_is_the_vendor_itself(table: dict[str, object], is_official: bool) -> None:
    assert provider(**table).is_official is is_official


def test_no_credentials_are_shown() -> None:
    found = entrance(provider(kind="openai-compatible", base_url="http://me:hunter2@h/v1"), "m", C)
    assert found is not None
    assert found.shown_url == "http://h/v1/chat/completions"
    assert "hunter2" not in repr(found)
