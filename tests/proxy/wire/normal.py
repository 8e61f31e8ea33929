"""When two conversations mean the same: what the tests compare."""

import json

import msgspec

from proxy.wire.canonical import Conversation, ToolCall
from proxy.wire.history import hoisted, merged


class Everything:
    """Holds every signature: whoever is asked issued it."""

    def __contains__(self, _signature: object) -> bool:
        return True


def normal(conversation: Conversation) -> Conversation:
    """Leading instructions in `system`, neighbours of one role merged, arguments as compact JSON."""
    apart = hoisted(conversation)
    messages = tuple(
        msgspec.structs.replace(
            message,
            content=tuple(_compact(b) if isinstance(b, ToolCall) else b for b in message.content),
        )
        for message in merged(apart.messages)
    )
    return msgspec.structs.replace(apart, messages=messages)


def _compact(call: ToolCall) -> ToolCall:
    return msgspec.structs.replace(call, arguments=json.dumps(json.loads(call.arguments or "{}")))
