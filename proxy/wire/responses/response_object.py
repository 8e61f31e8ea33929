"""The response as an object: a whole answer, and in a stream what its first and last events hold."""

from collections.abc import Mapping, Sequence
from typing import Any

from proxy.wire.canonical import Usage
from proxy.wire.responses.usage import written_usage
from proxy.wire.target import Reply

IN_PROGRESS = "in_progress"
COMPLETED = "completed"
INCOMPLETE = "incomplete"
FAILED = "failed"

USUAL: Mapping[str, Any] = {
    "background": False,
    "instructions": None,
    "max_output_tokens": None,
    "metadata": {},
    "parallel_tool_calls": True,
    "previous_response_id": None,
    "reasoning": {"effort": None, "summary": None},
    "store": False,
    "temperature": None,
    "text": {"format": {"type": "text"}},
    "tool_choice": "auto",
    "tools": [],
    "top_p": None,
    "truncation": "disabled",
    "user": None,
}
"""What is said of a request that said nothing of it: clients demand some of these members."""


def response(id_: str, reply: Reply, status: str, output: Sequence[Any]) -> dict[str, Any]:
    """A response that was well until now."""
    return {
        "id": id_,
        "object": "response",
        "created_at": reply.created,
        "status": status,
        "error": None,
        "incomplete_details": None,
        **USUAL,
        **reply.parameters,
        "model": reply.model,
        "output": output,
        "usage": None,
    }


def ended(begun: dict[str, Any], reason: str | None, output: Sequence[Any], usage: Usage) -> dict[str, Any]:
    """The response at its end; a reason says why it is not complete."""
    return {
        **begun,
        "status": COMPLETED if reason is None else INCOMPLETE,
        "incomplete_details": None if reason is None else {"reason": reason},
        "output": output,
        "usage": written_usage(usage),
    }
