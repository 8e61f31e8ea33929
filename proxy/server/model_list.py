"""The models that can be asked for, written in the shape of the API that asks.

The shapes share their addresses: `anthropic-version` tells Anthropic's clients from OpenAI's, and Codex
tells its version in the query.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from proxy.wire.failure import Failure, FailureKind

Json = dict[str, Any]

_LONGEST_PAGE = 1000
_GEMINI_METHODS = ("generateContent", "streamGenerateContent", "countTokens")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedModel:
    """A name that can be asked for, and what is known of what answers it; None is unknown."""

    id: str
    display_name: str = ""
    owner: str = "tierwise"
    created: int = 0
    """Seconds since 1970; 0 where nobody told."""
    context: int | None = None
    max_output: int | None = None
    tools: bool | None = None
    vision: bool | None = None
    thinking: bool | None = None

    @property
    def title(self) -> str:
        return self.display_name or self.id


def model_list(models: Sequence[ListedModel], headers: Mapping[str, str], query: Mapping[str, str]) -> Json:
    """What `GET /v1/models` answers."""
    if "anthropic-version" in headers:
        return anthropic_list(models, query)
    return codex_list(models) if "client_version" in query else openai_list(models)


def one_model(models: Sequence[ListedModel], name: str, headers: Mapping[str, str]) -> Json:
    """What `GET /v1/models/{name}` answers; the name may hold slashes, percent-encoded or not."""
    model = _named(models, name)
    return _anthropic(model) if "anthropic-version" in headers else _openai(model)


def gemini_list(models: Sequence[ListedModel]) -> Json:
    """What `GET /v1beta/models` answers."""
    return {"models": [_gemini(model) for model in models]}


def one_gemini_model(models: Sequence[ListedModel], name: str) -> Json:
    """What `GET /v1beta/models/{name}` answers."""
    return _gemini(_named(models, name))


def anthropic_list(models: Sequence[ListedModel], query: Mapping[str, str]) -> Json:
    """A page of the list. Who names no limit gets all: not every client asks for a second page."""
    page, has_more = _page(models, query)
    return {
        "data": [_anthropic(model) for model in page],
        "has_more": has_more,
        "first_id": page[0].id if page else None,
        "last_id": page[-1].id if page else None,
    }


def openai_list(models: Sequence[ListedModel]) -> Json:
    return {"object": "list", "data": [_openai(model) for model in models]}


def codex_list(models: Sequence[ListedModel]) -> Json:
    """OpenAI's list, in which Codex reads a catalogue of its own without entries.

    An entry there replaces the instructions that Codex has for a model. Ours would have none to give, so
    Codex is told of no model and keeps what it knows.
    """
    return {"models": [], **openai_list(models)}


def _anthropic(model: ListedModel) -> Json:
    return {
        "type": "model",
        "id": model.id,
        "display_name": model.title,
        "created_at": datetime.fromtimestamp(model.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "lifecycle": "active",
        "max_input_tokens": model.context,
        "max_tokens": model.max_output,
    }


def _openai(model: ListedModel) -> Json:
    """OpenAI tells nothing of what a model can; what is known is told in the names others use for it."""
    told = {
        "name": model.display_name or None,
        "context_length": model.context,
        "max_output_tokens": model.max_output,
    }
    return {
        "id": model.id,
        "object": "model",
        "created": model.created,
        "owned_by": model.owner,
        **{name: value for name, value in told.items() if value is not None},
    }


def _gemini(model: ListedModel) -> Json:
    told = {
        "inputTokenLimit": model.context,
        "outputTokenLimit": model.max_output,
        "thinking": model.thinking,
    }
    return {
        "name": f"models/{model.id}",
        "displayName": model.title,
        "supportedGenerationMethods": list(_GEMINI_METHODS),
        **{name: value for name, value in told.items() if value is not None},
    }


def _named(models: Sequence[ListedModel], name: str) -> ListedModel:
    plain = unquote(name).removeprefix("models/")
    found = next((model for model in models if model.id in (name, plain)), None)
    if found is None:
        raise Failure(
            FailureKind.MODEL_NOT_FOUND,
            f"There is no model {plain[:200]!r}; GET /v1/models lists what there is.",
        )
    return found


def _page(models: Sequence[ListedModel], query: Mapping[str, str]) -> tuple[Sequence[ListedModel], bool]:
    """The models between the cursors, as many as wanted, and whether more lie in that direction."""
    start = _place(models, query, "after_id", default=-1) + 1
    end = _place(models, query, "before_id", default=len(models))
    between = models[start:end]
    limit = _limit(query)
    if limit is None or len(between) <= limit:
        return between, False
    return (between[-limit:] if "before_id" in query else between[:limit]), True


def _place(models: Sequence[ListedModel], query: Mapping[str, str], cursor: str, default: int) -> int:
    name = query.get(cursor)
    if not name:
        return default
    place = next((place for place, model in enumerate(models) if model.id == name), None)
    if place is None:
        raise Failure(FailureKind.BAD_REQUEST, f"{cursor}: there is no model {name[:200]!r} in the list.")
    return place


def _limit(query: Mapping[str, str]) -> int | None:
    text = query.get("limit")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= _LONGEST_PAGE):
        raise Failure(FailureKind.BAD_REQUEST, f"limit: a number from 1 to {_LONGEST_PAGE} is expected.")
    return int(text)
