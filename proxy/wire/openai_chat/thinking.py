"""Thinking as the dialects carry it in messages, whole and in deltas.

Three members are in use: `reasoning_content` and `reasoning` hold plain text; OpenRouter's
`reasoning_details` is a list in which text may be signed and parts may be encrypted. Where there are
details with text, they say it all and the plain text is only their copy.
"""

from typing import Any

import msgspec
from msgspec import Raw, Struct

from proxy.wire.canonical import RedactedThinking, Thinking
from proxy.wire.reading import decoded, given

DETAIL = "reasoning_detail"
"""Under this name a block keeps, in its extra, the detail it was read from."""


class Detail(Struct):
    """One entry of `reasoning_details`."""

    type: str | None = None
    text: str | None = None
    summary: str | None = None
    data: str | None = None
    signature: str | None = None
    id: str | None = None

    @property
    def words(self) -> str:
        return self.text or self.summary or ""


_DETAIL = msgspec.json.Decoder(Detail)
_DETAILS = msgspec.json.Decoder(list[Raw])


def read_thinking(plain: str | None, details: Raw) -> tuple[Thinking | RedactedThinking, ...]:
    """The thinking blocks of a message."""
    blocks = [_block(raw) for raw in decoded(_DETAILS, details)] if given(details) is not None else []
    thoughts = [block for block in blocks if block is not None]
    if not plain or any(isinstance(block, Thinking) and block.text for block in thoughts):
        return tuple(thoughts)
    for place, block in enumerate(thoughts):
        if isinstance(block, Thinking):
            # The detail holds nothing but the signature of what stands in the plain text.
            thoughts[place] = Thinking(plain, block.signature, block.id)
            return tuple(thoughts)
    return (Thinking(plain), *thoughts)


def _block(raw: Raw) -> Thinking | RedactedThinking | None:
    detail = decoded(_DETAIL, raw)
    extra = {DETAIL: raw}
    if detail.data is not None:
        return RedactedThinking(detail.data, extra=extra)
    if detail.words or detail.signature:
        return Thinking(detail.words, detail.signature or None, detail.id, extra=extra)
    return None


def written_detail(block: Thinking | RedactedThinking, index: int) -> dict[str, Any]:
    """A thinking block as an entry of `reasoning_details`, for those who did not get it from there."""
    if isinstance(block, RedactedThinking):
        return {"type": "reasoning.encrypted", "data": block.data, "index": index}
    detail: dict[str, Any] = {"type": "reasoning.text", "text": block.text, "index": index}
    if block.signature is not None:
        detail["signature"] = block.signature
    return detail
