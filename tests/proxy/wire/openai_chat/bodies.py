"""Short ways to say what the tests of this format say often."""

import json
from typing import Any

from proxy.wire.canonical import Conversation, Message
from proxy.wire.openai_chat.read_request import read_request
from proxy.wire.openai_chat.write_request import write_request
from proxy.wire.target import Target, Written


def reading(*messages: dict[str, Any], **members: Any) -> Conversation:
    """The conversation that a client's request is read as."""
    return read_request(json.dumps({"model": "m", "messages": messages, **members}).encode())


def message_of(message: dict[str, Any]) -> Message:
    [read] = reading(message).messages
    return read


def writing(conversation: Conversation, **target: Any) -> tuple[dict[str, Any], Written]:
    """The body that a provider is sent, and what came of writing it."""
    written = write_request(conversation, Target(**{"model": "target", **target}))
    return json.loads(written.body), written
