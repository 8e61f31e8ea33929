"""Results of tools: messages of their own that hold text alone.

What else a result holds, an image mostly, is shown in the message of the user that comes after the
results, under a line that names the call.
"""

from typing import Any

from proxy.wire.canonical import ToolResult
from proxy.wire.openai_chat.draft import Draft
from proxy.wire.openai_chat.write_parts import Part, parts_of, written_content

ERROR = "Error: "
SHOWN_BELOW = "[The result is shown in the next message.]"


def written_result(draft: Draft, result: ToolResult, name: str | None) -> tuple[dict[str, Any], list[Any]]:
    """The `tool` message, and the parts that must be shown after it."""
    parts = parts_of(draft, result.content)
    texts = [part for part in parts if _is_text(part)]
    shown = [part for part in parts if not _is_text(part)]
    if shown and not texts:
        texts = [{"type": "text", "text": SHOWN_BELOW}]
    if result.is_error:
        texts = _as_error(texts)
    if texts:
        draft.put_cache(texts[-1], result.cache)
    content = written_content(draft, texts)
    message = {
        "role": "tool",
        "tool_call_id": result.call_id,
        "content": content if content is not None else draft.target.blank_text,
    }
    draft.put_extra(message, result.extra)
    return message, [_line(result, name), *shown] if shown else []


def _is_text(part: Any) -> bool:
    return isinstance(part, dict) and part["type"] == "text"


def _as_error(texts: list[Part]) -> list[Part]:
    """This format has no flag for errors, so the text says it, if it does not already."""
    if not texts:
        return [{"type": "text", "text": ERROR.strip()}]
    first, *rest = texts
    if first["text"].lower().startswith("error"):
        return texts
    return [{**first, "text": ERROR + first["text"]}, *rest]


def _line(result: ToolResult, name: str | None) -> Part:
    called = f"{name}, {result.call_id}" if name else result.call_id
    return {"type": "text", "text": f"[From the result of the tool call {called}:]"}
