"""Results of tools as `functionResponse` parts.

Newer models take pictures and files inside a result. Older ones, and addresses in place of bytes, need them
beside it: after all results of the turn, under a line that names the call.
"""

from typing import Any

from proxy.wire.canonical import Block, Data, Document, Image, PlainText, Text, ToolResult
from proxy.wire.gemini.draft import Draft
from proxy.wire.gemini.responses import written_response
from proxy.wire.gemini.write_parts import Part, is_made_up, parts_of

BETWEEN_TEXTS = "\n\n"
SHOWN_BELOW = "[The result is shown below.]"


def written_result(draft: Draft, result: ToolResult, name: str) -> tuple[Part, list[Any]]:
    """The result's part, and the parts that must be shown after it."""
    draft.note_cache(result.cache)
    inside: list[Block] = []
    outside: list[Block] = []
    for block in result.content:
        (inside if _fits_inside(draft, block) else outside).append(block)
    parts = parts_of(draft, outside)
    texts = [part["text"] for part in parts if isinstance(part, dict) and "text" in part]
    beside = [part for part in parts if not (isinstance(part, dict) and "text" in part)]
    if beside and not texts:
        texts = [SHOWN_BELOW]
    text = BETWEEN_TEXTS.join(texts)
    response: Part = {
        "name": name,
        "response": written_response(text, is_error=result.is_error, own=draft.own),
    }
    if not is_made_up(draft, result.call_id):
        response["id"] = result.call_id
    if inside:
        response["parts"] = parts_of(draft, inside)
    part: Part = {"functionResponse": response}
    draft.put_extra(part, result.extra)
    line = {"text": f"[From the result of the tool call {name}, {result.call_id}:]"}
    return part, [line, *beside] if beside else []


def _fits_inside(draft: Draft, block: Block) -> bool:
    if isinstance(block, Text) or (draft.older and not draft.own):
        return False
    if isinstance(block, Image):
        return draft.target.vision and (draft.own or isinstance(block.source, Data))
    if isinstance(block, Document):
        is_file = not isinstance(block.source, PlainText)
        return draft.target.documents and is_file and (draft.own or isinstance(block.source, Data))
    return draft.own
