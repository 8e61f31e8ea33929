"""The events of providers' streams, and short ways to what they mean."""

from typing import Any

from proxy.wire.assemble import collected
from proxy.wire.canonical import Answer
from proxy.wire.format import Format
from tests.proxy.wire.responses.bodies import read

Data = dict[str, Any]
CREATED: Data = {"type": "response.created", "response": {"id": "resp_1", "model": "gpt"}}


def completed(*output: Data, **members: Any) -> Data:
    return {"type": "response.completed", "response": {"status": "completed", "output": output, **members}}


def added(index: int | None, **item: Any) -> Data:
    place = {} if index is None else {"output_index": index}
    return {"type": "response.output_item.added", **place, "item": item}


def done(index: int | None, **item: Any) -> Data:
    return {**added(index, **item), "type": "response.output_item.done"}


def delta(kind: str, text: str, index: int | None = None, **members: Any) -> Data:
    place = {} if index is None else {"output_index": index}
    return {"type": f"response.{kind}.delta", "delta": text, **place, **members}


def message(text: str, id_: str = "msg_1") -> Data:
    return {"type": "message", "id": id_, "role": "assistant", "content": [part(text)]}


def part(text: str) -> Data:
    return {"type": "output_text", "text": text, "annotations": []}


def call(arguments: str = "{}", id_: str = "fc_1", call_id: str = "call_1", name: str = "look") -> Data:
    return {"type": "function_call", "id": id_, "call_id": call_id, "name": name, "arguments": arguments}


def answered(*events: Data, **expecting: Any) -> Answer:
    return collected(read(*events, **expecting), Format.RESPONSES)
