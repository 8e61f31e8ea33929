"""The calls in an answer for a client: what they say beside their input, and when they are none."""

from collections.abc import Mapping
from typing import Any

from msgspec import Raw

from proxy.wire.canonical import Extra, Stop, StopReason, ToolCall
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.names import made_id
from proxy.wire.reading import is_json_object
from proxy.wire.target import IdRule, Reply

_IDS = IdRule(prefix="toolu_")
_MEMBERS = ("caller", "toolset_name")
_WITH_WHOLE_CALLS = (StopReason.END_TURN, StopReason.TOOL_USE, StopReason.STOP_SEQUENCE)


def call_head(call: ToolCall, place: int, reply: Reply) -> dict[str, Any]:
    """A call without its input."""
    id_ = call.id or made_id(_IDS, reply.id, place)
    return {"type": "tool_use", "id": id_, "name": call.name, **_members(call.extra)}


def is_sound(arguments: str) -> bool:
    """Whether a tool can be called with this; nothing is an empty object."""
    return not arguments or arguments.isspace() or is_json_object(arguments)


def may_be_cut_off(stop: Stop) -> bool:
    """Whether the model may have stopped in the middle of a call."""
    return stop.reason not in _WITH_WHOLE_CALLS


def broken_call(name: str) -> Failure:
    sentence = f"The model called the tool {name} with what is not a JSON object."
    return Failure(FailureKind.BAD_ANSWER, sentence)


def _members(extra: Extra | None) -> Mapping[str, Raw]:
    """Who calls, and of which set the tool is: members that no other format has by these names."""
    return {name: extra[name] for name in _MEMBERS if name in extra} if extra else {}
