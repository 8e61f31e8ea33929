"""The list of models as each API words it."""

import json
from typing import Any

import pytest
from anthropic.types import ModelInfo
from openai.types import Model

from proxy.server.model_list import ListedModel, gemini_list, model_list, one_gemini_model, one_model
from proxy.wire.failure import Failure, FailureKind

ANTHROPIC = {"anthropic-version": "2023-06-01"}
MODELS = [
    ListedModel(id="auto", display_name="Tierwise, automatic"),
    ListedModel(
        id="acme/vendor/large", owner="acme", created=1_760_000_000, context=200_000, max_output=64_000
    ),
    ListedModel(id="claude-tierwise-simple"),
    ListedModel(id="ollama/qwen3:8b", owner="ollama", thinking=True),
]
IDS = [model.id for model in MODELS]


def ids_of(answer: dict[str, Any]) -> list[str]:
    return [entry["id"] for entry in answer["data"]]


def test_anthropics_sdk_reads_its_list() -> None:
    answer = model_list(MODELS, ANTHROPIC, {})
    read = [ModelInfo.model_validate(entry, strict=False) for entry in json.loads(json.dumps(answer))["data"]]
    assert [model.id for model in read] == IDS
    assert (read[0].display_name, read[0].created_at.year) == ("Tierwise, automatic", 1970)
    assert (read[1].display_name, read[1].max_input_tokens, read[1].max_tokens) == (
        "acme/vendor/large",
        200_000,
        64_000,
    )
    assert read[1].created_at.isoformat() == "2025-10-09T08:53:20+00:00"
    assert (answer["has_more"], answer["first_id"], answer["last_id"]) == (False, IDS[0], IDS[-1])


def test_openais_sdk_reads_its_list() -> None:
    answer = model_list(MODELS, {}, {})
    assert answer["object"] == "list"
    read = [Model.model_validate(entry) for entry in answer["data"]]
    assert [model.id for model in read] == IDS
    assert (read[1].object, read[1].owned_by, read[1].created) == ("model", "acme", 1_760_000_000)


def test_codex_reads_a_catalogue_without_entries_and_others_the_list() -> None:
    answer = model_list(MODELS, {}, {"client_version": "0.169.0"})
    assert answer["models"] == []
    assert ids_of(answer) == IDS
    assert "models" not in model_list(MODELS, {}, {})


def test_gemini_names_its_models_with_a_prefix() -> None:
    assert gemini_list(MODELS[1:2]) == {
        "models": [
            {
                "name": "models/acme/vendor/large",
                "displayName": "acme/vendor/large",
                "inputTokenLimit": 200_000,
                "outputTokenLimit": 64_000,
                "supportedGenerationMethods": ["generateContent", "streamGenerateContent", "countTokens"],
            }
        ]
    }


@pytest.mark.parametrize(
    ("query", "ids", "has_more"),
    [
        ({}, IDS, False),
        ({"limit": "1000"}, IDS, False),
        ({"limit": "4"}, IDS, False),
        ({"limit": "3"}, IDS[:3], True),
        ({"limit": "2", "after_id": IDS[0]}, IDS[1:3], True),
        ({"limit": "2", "after_id": IDS[1]}, IDS[2:], False),
        ({"after_id": IDS[3]}, [], False),
        ({"before_id": IDS[2]}, IDS[:2], False),
        ({"limit": "1", "before_id": IDS[2]}, IDS[1:2], True),
        ({"limit": "2", "before_id": IDS[2]}, IDS[:2], False),
    ],
)
def test_anthropics_list_comes_in_pages(query: dict[str, str], ids: list[str], has_more: bool) -> None:
    answer = model_list(MODELS, ANTHROPIC, query)
    assert (ids_of(answer), answer["has_more"]) == (ids, has_more)
    assert (answer["first_id"], answer["last_id"]) == ((ids[0], ids[-1]) if ids else (None, None))


@pytest.mark.parametrize("limit", range(1, 6))
def test_pages_one_after_the_other_are_the_list(limit: int) -> None:
    found: list[str] = []
    query = {"limit": str(limit)}
    for _ in IDS:
        answer = model_list(MODELS, ANTHROPIC, query)
        found += ids_of(answer)
        if not answer["has_more"]:
            break
        query["after_id"] = answer["last_id"]
    assert found == IDS


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "-1"},
        {"limit": "1001"},
        {"limit": "ten"},
        {"limit": "٣"},
        {"after_id": "gone"},
    ],
)
def test_a_page_that_cannot_be_is_a_bad_request(query: dict[str, str]) -> None:
    with pytest.raises(Failure) as caught:
        model_list(MODELS, ANTHROPIC, query)
    assert caught.value.kind is FailureKind.BAD_REQUEST


@pytest.mark.parametrize("name", ["acme/vendor/large", "acme%2Fvendor%2Flarge"])
def test_one_model_is_found_by_its_name_with_slashes(name: str) -> None:
    assert one_model(MODELS, name, ANTHROPIC)["type"] == "model"
    assert one_model(MODELS, name, {})["object"] == "model"
    assert one_gemini_model(MODELS, name)["name"] == "models/acme/vendor/large"


def test_an_empty_list_is_a_list() -> None:
    answer = model_list([], ANTHROPIC, {"limit": "5"})
    assert answer == {"data": [], "has_more": False, "first_id": None, "last_id": None}


def test_a_model_that_is_not_there_is_not_found() -> None:
    for ask in (lambda: one_model(MODELS, "gone", {}), lambda: one_gemini_model(MODELS, "gone")):
        with pytest.raises(Failure, match="gone") as caught:
            ask()
        assert caught.value.kind is FailureKind.MODEL_NOT_FOUND
