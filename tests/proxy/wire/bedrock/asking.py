"""Requests made for tests: what was asked, how it was written, what was lost and added on the way."""

import json
from typing import Any

from msgspec import Raw

from proxy.wire.bedrock.write_request import write_request
from proxy.wire.canonical import (
    Block,
    Conversation,
    Data,
    Document,
    Image,
    Message,
    Role,
    Text,
    Tool,
    ToolCall,
    ToolResult,
)
from proxy.wire.format import Format
from proxy.wire.target import Target
from tests.proxy.wire.normal import Everything

CLAUDE = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
LLAMA = "meta.llama4-maverick-17b-instruct-v1:0"
NOVA_2 = "us.amazon.nova-2-lite-v1:0"
GPT_OSS = "openai.gpt-oss-120b-1:0"
UNKNOWN = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123"

USER, ASSISTANT = Role.USER, Role.ASSISTANT
ASK = Message(USER, (Text("Hi"),))
MARK = Raw(b'{"type":"ephemeral"}')
HOUR = Raw(b'{"type":"ephemeral","ttl":"1h"}')
LOOK = Tool("look", description="Looks.", schema=Raw(b'{"type":"object","properties":{"x":{"$ref":"#/y"}}}'))
CALL = Message(ASSISTANT, (ToolCall("call_1", "look", '{"x":1}'),))
RESULT = Message(USER, (ToolResult("call_1", (Text("seen"),)),))
PNG = Image(Data("image/png", "AAAA"))
PDF = Document(Data("application/pdf", "AAAA"), name="report.pdf")


class Asked:
    """A request as it was written, and what was lost and added on the way."""

    def __init__(self, said: Conversation, model: str = CLAUDE, **target: Any) -> None:
        target.setdefault("issued", Everything())
        self.written = write_request(said, Target(model=model, **target))
        self.body: dict[str, Any] = json.loads(self.written.body)
        self.lost = set(self.written.lost)
        self.added = self.written.added

    @property
    def turns(self) -> list[tuple[str, list[Any]]]:
        return [(message["role"], message["content"]) for message in self.body["messages"]]


def asked(
    *messages: Message, model: str = CLAUDE, target: dict[str, Any] | None = None, **said: Any
) -> Asked:
    conversation = Conversation(format=Format.RESPONSES, messages=messages or (ASK,), **said)
    return Asked(conversation, model, **(target or {}))


def user(*blocks: Block) -> Message:
    return Message(USER, blocks)
