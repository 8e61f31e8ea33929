"""Models as a list in OpenAI's form tells them: little more than the names that they are asked for by."""

from collections.abc import Iterator, Mapping
from typing import Any

from proxy.local.asking import Reply
from proxy.local.found import LocalModel
from proxy.local.reading import entries, number, text

_EMBEDDERS = ("embed", "bge-", "rerank", "whisper", "ada-002")


def listed(reply: Reply) -> list[Mapping[str, Any]]:
    """The entries; none for whatever is no such list."""
    return [each for each in entries(reply.object, "data") if text(each, "id")]


def owners(reply: Reply) -> set[str]:
    return {text(each, "owned_by") for each in listed(reply)}


def models(reply: Reply) -> Iterator[LocalModel]:
    for each in listed(reply):
        name = text(each, "id")
        yield LocalModel(
            name=name,
            context=number(each, "max_model_len", "context_length", "context_window"),
            chats=not any(part in name.casefold() for part in _EMBEDDERS),
        )


def bare(name: str) -> str:
    """A model's name where it is the path of its file: where that is, is nobody's business."""
    is_path = name.startswith(("/", "~", ".")) or "\\" in name
    return name.replace("\\", "/").rpartition("/")[2] or name if is_path else name
