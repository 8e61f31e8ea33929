"""What Anthropic refuses about a request as a whole; its messages are judged by the file beside this one."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.fakes.formats.speech import Memory, need
from tests.fakes.formats.text import names_in
from tests.fakes.rules.anthropic_messages import check_messages
from tests.fakes.script import Asked

_MEMBERS = names_in(
    """
    model messages max_tokens system metadata stop_sequences stream temperature top_k top_p tools
    tool_choice thinking service_tier container context_management mcp_servers output_config output_format
    inference_geo speed cache_control
    """
)
_OF_COUNTING = _MEMBERS - {
    "max_tokens",
    "stream",
    "temperature",
    "top_k",
    "top_p",
    "stop_sequences",
    "metadata",
}
_NAME = re.compile("[a-zA-Z0-9_-]{1,128}")
_ONE_OF_TEMPERATURE_AND_TOP_P = re.compile(r"claude-(?:opus|sonnet|haiku|fable)-(?:4-[1-9]\b|[5-9])")
_SMALLEST_BUDGET = 1024
_MOST_MARKS = 4


def check_anthropic(asked: Asked, memory: Memory, *, max_output: int) -> None:
    body = asked.body
    need(asked.headers.get("anthropic-version"), "anthropic-version: header is required")
    need(body.get("model"), "model: Field required")
    counting = asked.path.partition("?")[0].endswith("/count_tokens")
    check_body(asked, memory, _OF_COUNTING if counting else _MEMBERS)
    if not counting:
        check_length(body, max_output, asked.model)


def check_body(asked: Asked, memory: Memory, members: frozenset[str]) -> None:
    """All that clouds which serve this format refuse as well."""
    body = asked.body
    for member in body:
        need(member in members, f"{member}: Extra inputs are not permitted")
    _check_tools(body)
    betas = asked.headers.get("anthropic-beta", "")
    check_messages(body.get("messages"), memory, system_allowed="mid-conversation-system" in betas)
    marks = sum(1 for _mark in _marks(body))
    need(
        marks <= _MOST_MARKS,
        f"A maximum of {_MOST_MARKS} blocks with cache_control may be provided. Found {marks}.",
    )


def check_length(body: Mapping[str, Any], max_output: int, model: str) -> None:
    """The settings that only a request for an answer has."""
    limit = body.get("max_tokens")
    need(limit is not None, "max_tokens: Field required")
    need(isinstance(limit, int), "max_tokens: Input should be a valid integer")
    assert isinstance(limit, int)
    need(limit >= 1, "max_tokens: must be greater than or equal to 1")
    need(
        limit <= max_output,
        f"max_tokens: {limit} > {max_output}, which is the maximum allowed number of output tokens for "
        f"{model}",
    )
    temperature, top_p = body.get("temperature"), body.get("top_p")
    need(temperature is None or 0 <= temperature <= 1, "temperature: range: 0..1")
    need(
        temperature is None or top_p is None or not _ONE_OF_TEMPERATURE_AND_TOP_P.search(model),
        "`temperature` and `top_p` cannot both be specified for this model. Please use only one.",
    )
    _check_thinking(body, limit)


def _check_thinking(body: Mapping[str, Any], limit: int) -> None:
    thinking = body.get("thinking") or {}
    kind = thinking.get("type", "disabled")
    need(
        kind in ("enabled", "disabled", "adaptive"),
        f"thinking: Input tag '{kind}' found using 'type' does not match any of the expected tags",
    )
    if kind == "disabled":
        return
    need(
        body.get("temperature", 1) == 1,
        "`temperature` may only be set to 1 when thinking is enabled or in adaptive mode.",
    )
    need("top_k" not in body, "`top_k` must be unset when thinking is enabled or in adaptive mode.")
    forced = (body.get("tool_choice") or {}).get("type") in ("any", "tool")
    need(not forced, "Thinking may not be enabled when tool_choice forces tool use.")
    if kind == "adaptive":
        return
    budget = thinking.get("budget_tokens")
    need(budget is not None, "thinking.enabled.budget_tokens: Field required")
    need(
        budget >= _SMALLEST_BUDGET,
        "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024",
    )
    need(budget < limit, "`max_tokens` must be greater than `thinking.budget_tokens`.")


def _check_tools(body: Mapping[str, Any]) -> None:
    tools = body.get("tools") or []
    need(tools or not body.get("tool_choice"), "tool_choice may only be specified while providing tools.")
    for place, tool in enumerate(tools):
        name = tool.get("name")
        need(name, f"tools.{place}.custom.name: Field required")
        need(
            _NAME.fullmatch(name),
            f"tools.{place}.custom.name: String should match pattern '^[a-zA-Z0-9_-]{{1,128}}$'",
        )
        if tool.get("type", "custom") == "custom":
            schema = tool.get("input_schema")
            need(isinstance(schema, dict), f"tools.{place}.custom.input_schema: Field required")
            need(
                schema.get("type") == "object",
                f"tools.{place}.custom.input_schema.type: Input should be 'object'",
            )
    names = [tool["name"] for tool in tools]
    need(len(set(names)) == len(names), "tools: Tool names must be unique.")
    chosen = (body.get("tool_choice") or {}).get("name")
    need(chosen is None or chosen in names, f"Tool '{chosen}' not found in provided tools")


def _marks(value: Any) -> Iterator[Any]:
    """Where something is to be cached, but not what a schema or a call merely happens to contain."""
    if isinstance(value, list):
        for item in value:
            yield from _marks(item)
    if isinstance(value, dict):
        if value.get("cache_control"):
            yield value["cache_control"]
        for name in ("system", "messages", "tools", "content"):
            yield from _marks(value.get(name))
