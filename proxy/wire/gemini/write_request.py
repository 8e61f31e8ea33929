"""A conversation as the request that a Gemini model is asked with.

Which model, and whether to stream, stands in the address and is not written here.
"""

from typing import Any

import msgspec

from proxy.wire.canonical import Conversation
from proxy.wire.gemini.draft import Draft
from proxy.wire.gemini.write_config import written_config
from proxy.wire.gemini.write_contents import written_contents
from proxy.wire.gemini.write_parts import parts_of
from proxy.wire.gemini.write_tools import written_choice, written_tools
from proxy.wire.history import fitted, hoisted
from proxy.wire.target import IdRule, Loss, Target, Written

_IDS = IdRule()
_NEVER_TOLD = {
    "verbosity": Loss.VERBOSITY,
    "user": Loss.USER,
    "metadata": Loss.METADATA,
    "service_tier": Loss.SERVICE_TIER,
    "cache_key": Loss.CACHE_KEY,
    "previous_id": Loss.PREVIOUS_ID,
}
_REFUSED = {"tools": Loss.SERVER_TOOL, "toolConfig": Loss.TOOL_CHOICE}


def write_request(conversation: Conversation, target: Target) -> Written:
    fit, losses = fitted(conversation, target, _IDS)
    said = hoisted(fit)
    draft = Draft.of(said, target, losses)
    members: dict[str, Any] = {
        "systemInstruction": _instruction(draft, said),
        "contents": written_contents(draft, said.messages),
        "tools": written_tools(draft, said),
        "toolConfig": written_choice(draft, said),
        "generationConfig": written_config(draft, said),
    }
    draft.lost.update(loss for name, loss in _NEVER_TOLD.items() if getattr(said, name) is not None)
    if said.store:
        draft.lost.add(Loss.STORE)
    body = {name: value for name, value in members.items() if value or name == "contents"}
    draft.put_extra(body, said.extra)
    for name in target.refuses & body.keys():
        del body[name]
        draft.lost.add(_REFUSED.get(name, Loss.UNKNOWN_FIELDS))
    return Written(msgspec.json.encode(body), frozenset(draft.lost), draft.naming.names, tuple(draft.added))


def _instruction(draft: Draft, conversation: Conversation) -> dict[str, Any]:
    parts = parts_of(draft, conversation.system)
    return {"parts": parts} if parts else {}
