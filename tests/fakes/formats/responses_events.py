"""The events by which a response comes to be: each item begins, says its parts in pieces, and is done."""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.fakes.formats.text import cut

_LAST = {"completed": "response.completed", "incomplete": "response.incomplete"}


def streamed(begun: Mapping[str, Any], finished: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The events, numbered, from the response before and after."""
    events: list[dict[str, Any]] = [
        {"type": "response.created", "response": begun},
        {"type": "response.in_progress", "response": begun},
    ]
    for place, item in enumerate(finished["output"]):
        events.append({"type": "response.output_item.added", "output_index": place, "item": _empty(item)})
        where = {"item_id": item["id"], "output_index": place}
        events += [{"type": event["type"], **where, **event} for event in _SAID[item["type"]](item)]
        events.append({"type": "response.output_item.done", "output_index": place, "item": item})
    events.append({"type": _LAST[finished["status"]], "response": finished})
    return [{**event, "sequence_number": number} for number, event in enumerate(events)]


_NOTHING: Mapping[str, Mapping[str, Any]] = {
    "reasoning": {"summary": []},
    "message": {"content": [], "status": "in_progress"},
    "function_call": {"arguments": "", "status": "in_progress"},
}


def _empty(item: Mapping[str, Any]) -> dict[str, Any]:
    return {**item, **_NOTHING[item["type"]]}


def _thought(item: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    kind = "response.reasoning_summary"
    for index, part in enumerate(item["summary"]):
        at = {"summary_index": index}
        yield {"type": f"{kind}_part.added", **at, "part": {**part, "text": ""}}
        for piece in cut(part["text"]):
            yield {"type": f"{kind}_text.delta", **at, "delta": piece}
        yield {"type": f"{kind}_text.done", **at, "text": part["text"]}
        yield {"type": f"{kind}_part.done", **at, "part": part}


def _said(item: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for index, part in enumerate(item["content"]):
        at = {"content_index": index}
        yield {"type": "response.content_part.added", **at, "part": {**part, "text": ""}}
        for piece in cut(part["text"]):
            yield {"type": "response.output_text.delta", **at, "delta": piece, "logprobs": []}
        yield {"type": "response.output_text.done", **at, "text": part["text"], "logprobs": []}
        yield {"type": "response.content_part.done", **at, "part": part}


def _called(item: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    kind = "response.function_call_arguments"
    for piece in cut(item["arguments"], 4):
        yield {"type": f"{kind}.delta", "delta": piece}
    yield {"type": f"{kind}.done", "name": item["name"], "arguments": item["arguments"]}


_SAID = {"reasoning": _thought, "message": _said, "function_call": _called}
