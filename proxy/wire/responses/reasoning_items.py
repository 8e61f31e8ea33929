"""Items of reasoning: a model's thinking, readable as a summary, and sealed for the provider alone.

What only the sealed part can tell is the thinking's signature. Other formats also have thinking that is
nothing but sealed; towards a client of this format it bears a mark, by which it is known when it returns.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Raw, Struct

from proxy.wire.canonical import Extra, RedactedThinking, Thinking
from proxy.wire.reading import decoded, given, read_one
from proxy.wire.responses.schema import REASONING_ITEMS, ReasoningItem, kept

BETWEEN_PARTS = "\n\n"
REDACTED = "redacted_thinking:"


class _Words(Struct):
    text: str = ""


_WORDS = msgspec.json.Decoder(list[_Words])


def read_reasoning_item(raw: bytes | Raw) -> Thinking | RedactedThinking:
    return thinking_of(*read_one(REASONING_ITEMS, raw))


def thinking_of(item: ReasoningItem, extra: Extra | None) -> Thinking | RedactedThinking:
    sealed = item.encrypted_content or None
    if sealed is not None and sealed.startswith(REDACTED):
        return RedactedThinking(sealed.removeprefix(REDACTED))
    summary = words_in(item.summary)
    content = words_in(item.content)
    text = BETWEEN_PARTS.join(summary or content)
    said: Extra = dict(kept(extra, status=item.status) or {})
    if given(item.content) is not None:
        said["content"] = item.content
    if len(summary) > 1 or ("content" in said and summary):
        said["summary"] = item.summary
    return Thinking(text, sealed, id=item.id, extra=said or None)


def words_in(raw: Raw) -> list[str]:
    """The texts of a summary or a content."""
    said = given(raw)
    return [words.text for words in decoded(_WORDS, said)] if said is not None else []


def written_thinking(thinking: Thinking, id_: str | None, extra: Mapping[str, Any] | None) -> dict[str, Any]:
    """The item; `extra` is what the same format said beyond our understanding."""
    extra = extra or {}
    # Where the words were in the content, the extra holds them.
    summary = summary_of(thinking.text) if thinking.text and "content" not in extra else []
    sealed = {} if thinking.signature is None else {"encrypted_content": thinking.signature}
    return {"type": "reasoning", **_named(id_), "summary": summary, **sealed, **extra}


def written_redacted(thinking: RedactedThinking, id_: str | None) -> dict[str, Any]:
    sealed = REDACTED + thinking.data
    return {"type": "reasoning", **_named(id_), "summary": [], "encrypted_content": sealed}


def _named(id_: str | None) -> dict[str, str]:
    return {} if id_ is None else {"id": id_}


def summary_of(text: str) -> list[dict[str, str]]:
    return [{"type": "summary_text", "text": text}]
