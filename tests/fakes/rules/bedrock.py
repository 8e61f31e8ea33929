"""What Amazon Bedrock refuses, in Converse's words; Anthropic's own format is judged as there."""

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from tests.fakes.formats.speech import Memory, need
from tests.fakes.formats.text import names_in
from tests.fakes.rules.anthropic import check_body, check_length
from tests.fakes.script import Asked

_INVOKED = names_in(
    """
    anthropic_version anthropic_beta messages max_tokens system metadata stop_sequences temperature top_k
    top_p tools tool_choice thinking output_config context_management
    """
)
_CONVERSE = names_in(
    """
    messages system inferenceConfig toolConfig guardrailConfig additionalModelRequestFields
    promptVariables additionalModelResponseFieldPaths requestMetadata performanceConfig serviceTier
    outputConfig
    """
)
_NAME = re.compile("[a-zA-Z0-9_-]{1,64}")


def check_invoke(asked: Asked, memory: Memory, *, max_output: int) -> None:
    need(asked.body.get("anthropic_version"), "anthropic_version: Field required")
    check_body(asked, memory, _INVOKED)
    check_length(asked.body, max_output, asked.model)


def check_converse(asked: Asked, memory: Memory, *, max_output: int) -> None:
    body = asked.body
    for member in body:
        need(member in _CONVERSE, f"{member}: Extra inputs are not permitted")
    messages = body.get("messages")
    need(messages, "messages: at least one message is required")
    limit = (body.get("inferenceConfig") or {}).get("maxTokens")
    need(
        limit is None or 1 <= limit <= max_output,
        f"The maximum tokens you requested exceeds the model limit of {max_output}. Try again with a "
        "maximum tokens "
        f"value that is lower than {max_output}.",
    )
    _check_tools(body, messages)
    for place, message in enumerate(messages):
        _check_message(message, f"messages.{place}", memory)
    _check_order(messages)
    _check_pairs(messages)


def _check_tools(body: Mapping[str, Any], messages: list[Any]) -> None:
    config = body.get("toolConfig")
    kinds = {kind for message in messages for block in message.get("content") or () for kind in block}
    need(
        config is not None or not kinds & {"toolUse", "toolResult"},
        "The toolConfig field must be defined when using toolUse and toolResult content blocks.",
    )
    need(config is None or config.get("tools"), "The value at toolConfig.tools must not be empty.")
    for place, tool in enumerate((config or {}).get("tools") or ()):
        if "toolSpec" not in tool:
            continue
        where = f"toolConfig.tools.{place}.toolSpec"
        name = tool["toolSpec"].get("name", "")
        need(
            _NAME.fullmatch(name),
            f"Value '{name}' at '{where}.name' failed to satisfy constraint: [a-zA-Z0-9_-]+",
        )
        schema = (tool["toolSpec"].get("inputSchema") or {}).get("json") or {}
        need(
            schema.get("type") == "object",
            f"The value at {where}.inputSchema.json.type must be one of the following: object.",
        )


def _check_message(message: Mapping[str, Any], where: str, memory: Memory) -> None:
    role, content = message.get("role"), message.get("content")
    need(
        role in ("user", "assistant"),
        f"Value '{role}' at '{where}.role' failed to satisfy constraint: Member must satisfy enum value set: "
        "[user, assistant]",
    )
    need(
        content,
        f"The content field in the Message object at {where} is empty. Add a ContentBlock object to the "
        "content "
        "field and try again.",
    )
    assert isinstance(content, list)
    for index, block in enumerate(content):
        at = f"{where}.content.{index}"
        need(
            isinstance(block, dict) and len(block) == 1,
            f"ContentBlock object at {at} must set one of its members.",
        )
        need(
            block.get("text", "something").strip(),
            f"The text field in the ContentBlock object at {at} is blank. Add text to the text field, "
            "and try again.",
        )
        if "toolUse" in block:
            id_ = block["toolUse"].get("toolUseId", "")
            need(
                _NAME.fullmatch(id_),
                f"Value '{id_}' at '{at}.toolUse.toolUseId' failed to satisfy constraint",
            )
            need(
                isinstance(block["toolUse"].get("input"), dict),
                f"The format of the value at {at}.toolUse.input is "
                "invalid. Provide a json object for the field and try again.",
            )
        signature = ((block.get("reasoningContent") or {}).get("reasoningText") or {}).get("signature")
        need(
            signature is None or signature in memory.signatures,
            f"{at}: Invalid `signature` in `thinking` block",
        )


def _check_order(messages: list[Any]) -> None:
    roles = [message["role"] for message in messages]
    need(
        roles[0] == "user",
        "A conversation must start with a user message. Try again with a conversation that starts with "
        "a user message.",
    )
    need(
        all(one != other for one, other in pairwise(roles)),
        "A conversation must alternate between user and assistant roles. Make sure the conversation "
        "alternates between "
        "user and assistant roles and try again.",
    )


def _check_pairs(messages: list[Any]) -> None:
    open_: list[str] = []
    for place, message in enumerate([*messages, {"content": []}]):
        content = message["content"]
        results = [block["toolResult"].get("toolUseId") for block in content if "toolResult" in block]
        missing = [id_ for id_ in open_ if id_ not in results]
        need(
            not missing,
            f"Expected toolResult blocks at messages.{place}.content for the following Ids: "
            f"{', '.join(missing)}",
        )
        need(
            len(results) <= len(open_),
            f"The number of toolResult blocks at messages.{place}.content exceeds the number of toolUse "
            "blocks of "
            "previous turn.",
        )
        open_ = [block["toolUse"]["toolUseId"] for block in content if "toolUse" in block]
