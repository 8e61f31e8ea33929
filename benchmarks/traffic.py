"""Made-up traffic with the shape of the real: a long turn of Claude Code, and answers in every format.

Generators with fixed seeds make it, so every run sees the same bytes.
"""

import json
import random
from collections.abc import Iterator
from typing import Any

BODY_SIZE = 1024 * 1024
STEPS_PER_WISH = 8
DELTAS = 2000
CALLS = 4

WORDS = ["the", "a", "value", "of", "request", "and", "model", "is", "not", "to", "stream", "for", "index"]
CODE = [
    "def handle(self, request: Request) -> Response:",
    '    logger.info("request %s from \\"%s\\"", request.id, request.client)',
    "    if not re.match(r'^\\s*(\\w+)\\t=\\t(.*)$', line):",
    '\treturn {"status": \'ok\', "items": [item for item in items if item.price > 0]}',
    "    path = 'C:\\\\Users\\\\me\\\\src' + '/' + name  # “quoted” für später",
    "",
    "    raise ValueError(f'line {number}: expected {expected!r}, got {found!r}')",
]


# The body


class Writer:
    """Makes up what a session is made of, the same in every run."""

    def __init__(self) -> None:
        self._random = random.Random(20260101)

    def prose(self, size: int) -> str:
        text = ""
        while len(text) < size:
            sentence = " ".join(self._random.choices(WORDS, k=14)).capitalize()
            text += sentence + self._random.choice([". ", ".\n", ".\n\n- "])
        return text

    def code(self, size: int) -> str:
        text = ""
        while len(text) < size:
            text += f"{self._random.randrange(900):>6}\t{self._random.choice(CODE)}\n"
        return text

    def token(self, size: int) -> str:
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
        return "".join(self._random.choices(alphabet, k=size))

    def tool(self, number: int) -> dict[str, Any]:
        properties: dict[str, Any] = {
            f"parameter_{index}": {"type": "string", "description": self.prose(120)} for index in range(5)
        }
        properties["options"] = {
            "type": "array",
            "items": {"type": "object", "properties": {"path": {"type": "string"}}, "required": ["path"]},
        }
        schema: dict[str, Any] = {"type": "object", "properties": properties, "required": ["parameter_0"]}
        schema |= {"additionalProperties": False, "$schema": "http://json-schema.org/draft-07/schema#"}
        return {"name": f"Tool{number}", "description": self.prose(900), "input_schema": schema}

    def step(self, number: int) -> list[dict[str, Any]]:
        """The model thinks and calls twice, the client answers; now and then the user has the next wish."""
        ids = [f"toolu_{self.token(24)}" for _ in range(2)]
        arguments = {"parameter_0": self.prose(60), "options": [{"path": f"/src/module_{number}.py"}]}
        calls = [
            {"type": "tool_use", "id": id_, "name": f"Tool{number % 24}", "input": arguments} for id_ in ids
        ]
        contents = [self.code(2600), [{"type": "text", "text": self.code(2600)}]]
        results = [
            {"type": "tool_result", "tool_use_id": id_, "content": content}
            for id_, content in zip(ids, contents, strict=True)
        ]
        thinking = {"type": "thinking", "thinking": self.prose(500), "signature": self.token(360)}
        said = {"type": "text", "text": self.prose(200)}
        messages: list[dict[str, Any]] = [
            {"role": "assistant", "content": [thinking, said, *calls]},
            {"role": "user", "content": results},
        ]
        if number % STEPS_PER_WISH == 0:
            messages += [
                {"role": "assistant", "content": [{"type": "text", "text": self.prose(600)}]},
                {"role": "user", "content": self.prose(80)},
            ]
        return messages


def body_of_a_long_turn() -> bytes:
    writer = Writer()
    system: list[dict[str, Any]] = [{"type": "text", "text": writer.prose(size)} for size in (200, 20_000)]
    system[1]["cache_control"] = {"type": "ephemeral"}
    body: dict[str, Any] = {
        "model": "claude-opus-4-5",
        "messages": [{"role": "user", "content": writer.prose(300)}],
        "system": system,
        "tools": [writer.tool(number) for number in range(24)],
        "metadata": {"user_id": json.dumps({"session_id": writer.token(36)})},
        "max_tokens": 64000,
        "thinking": {"type": "adaptive"},
        "output_config": {"effort": "high"},
        "stream": True,
    }
    size = len(as_json(body))
    for number in range(10_000):
        step = writer.step(number)
        body["messages"] += step
        size += len(as_json(step))
        if size >= BODY_SIZE:
            break
    return as_json(body)


def as_json(value: Any) -> bytes:
    """As JavaScript writes it: nothing between the tokens, no escapes beyond the needed."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


# The streams


def sse(*events: dict[str, Any], named: bool = False) -> list[bytes]:
    names = (f"event: {event['type']}\n" if named else "" for event in events)
    return [
        f"{name}data: ".encode() + as_json(event) + b"\n\n" for name, event in zip(names, events, strict=True)
    ]


def words() -> Iterator[str]:
    numbers = random.Random(7)
    for _ in range(DELTAS):
        yield numbers.choice([" the", " value", "\n", "`self`", ' "name"', " für", ".py", " = 1"])


def arguments() -> list[str]:
    text = json.dumps({"path": "/src/module.py", "text": 'line one\n\tline "two"\n' * 10})
    return [text[start : start + 4] for start in range(0, len(text), 4)]


def chat_stream() -> list[bytes]:
    head: dict[str, Any] = {
        "id": "chatcmpl-9yZ1",
        "object": "chat.completion.chunk",
        "created": 1_780_000_000,
        "model": "gpt-5",
    }
    head["system_fingerprint"] = "fp_2f406b9113"

    def chunk(delta: dict[str, Any], reason: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
        return {**head, "choices": [choice], "usage": None}

    chunks = [chunk({"role": "assistant", "content": ""}), *(chunk({"content": word}) for word in words())]
    for index in range(CALLS):
        function = {"name": "Tool1", "arguments": ""}
        chunks.append(
            chunk(
                {
                    "tool_calls": [
                        {"index": index, "id": f"call_{index}", "type": "function", "function": function}
                    ]
                }
            )
        )
        chunks += [
            chunk({"tool_calls": [{"index": index, "function": {"arguments": piece}}]})
            for piece in arguments()
        ]
    usage = {"prompt_tokens": 20_000, "completion_tokens": 2400, "total_tokens": 22_400}
    chunks += [chunk({}, "tool_calls"), {**head, "choices": [], "usage": usage}]
    return [*sse(*chunks), b"data: [DONE]\n\n"]


def anthropic_stream() -> list[bytes]:
    usage = {"input_tokens": 20_000, "cache_read_input_tokens": 0, "output_tokens": 1}
    message: dict[str, Any] = {
        "id": "msg_01",
        "type": "message",
        "role": "assistant",
        "model": "claude",
        "content": [],
    }
    message |= {"stop_reason": None, "stop_sequence": None, "usage": usage}
    events: list[dict[str, Any]] = [{"type": "message_start", "message": message}]

    def block(index: int, block: dict[str, Any], deltas: list[dict[str, Any]]) -> None:
        events.append({"type": "content_block_start", "index": index, "content_block": block})
        events.extend({"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas)
        events.append({"type": "content_block_stop", "index": index})

    block(0, {"type": "text", "text": ""}, [{"type": "text_delta", "text": word} for word in words()])
    for index in range(1, CALLS + 1):
        call = {"type": "tool_use", "id": f"toolu_{index}", "name": "Tool1", "input": {}}
        block(index, call, [{"type": "input_json_delta", "partial_json": piece} for piece in arguments()])
    delta = {"stop_reason": "tool_use", "stop_sequence": None}
    events += [
        {"type": "message_delta", "delta": delta, "usage": {"output_tokens": 2400}},
        {"type": "message_stop"},
    ]
    return sse(*events, named=True)


def responses_stream() -> list[bytes]:
    response: dict[str, Any] = {
        "id": "resp_1",
        "object": "response",
        "created_at": 1_780_000_000,
        "model": "gpt-5",
    }
    response |= {"status": "in_progress", "output": [], "usage": None, "error": None}
    events: list[dict[str, Any]] = [{"type": "response.created", "response": response}]
    place = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
    item: dict[str, Any] = {
        "id": "msg_1",
        "type": "message",
        "status": "in_progress",
        "role": "assistant",
        "content": [],
    }
    text = "".join(words())
    part = {"type": "output_text", "text": "", "annotations": []}
    events += [
        {"type": "response.output_item.added", "output_index": 0, "item": item},
        {"type": "response.content_part.added", **place, "part": part},
        *({"type": "response.output_text.delta", **place, "delta": word, "logprobs": []} for word in words()),
        {"type": "response.output_text.done", **place, "text": text},
        {"type": "response.content_part.done", **place, "part": {**part, "text": text}},
    ]
    output = [{**item, "status": "completed", "content": [{**part, "text": text}]}]
    events.append({"type": "response.output_item.done", "output_index": 0, "item": output[0]})
    for index in range(1, CALLS + 1):
        call = {
            "id": f"fc_{index}",
            "type": "function_call",
            "call_id": f"call_{index}",
            "name": "Tool1",
            "arguments": "",
        }
        where = {"item_id": f"fc_{index}", "output_index": index}
        whole = "".join(arguments())
        output.append({**call, "status": "completed", "arguments": whole})
        kind = "response.function_call_arguments"
        events += [
            {
                "type": "response.output_item.added",
                "output_index": index,
                "item": {**call, "status": "in_progress"},
            },
            *({"type": f"{kind}.delta", **where, "delta": piece} for piece in arguments()),
            {"type": f"{kind}.done", **where, "arguments": whole},
            {"type": "response.output_item.done", "output_index": index, "item": output[-1]},
        ]
    usage = {"input_tokens": 20_000, "output_tokens": 2400, "total_tokens": 22_400}
    done = {**response, "status": "completed", "output": output, "usage": usage}
    events.append({"type": "response.completed", "response": done})
    return sse(*({**event, "sequence_number": number} for number, event in enumerate(events)), named=True)


def gemini_stream() -> list[bytes]:
    usage = {"promptTokenCount": 20_000, "candidatesTokenCount": 2400, "totalTokenCount": 22_400}

    def chunk(parts: list[dict[str, Any]], **more: str) -> dict[str, Any]:
        candidate = {"content": {"parts": parts, "role": "model"}, "index": 0, **more}
        return {
            "candidates": [candidate],
            "usageMetadata": usage,
            "modelVersion": "gemini",
            "responseId": "r",
        }

    call = {"functionCall": {"name": "Tool1", "args": json.loads("".join(arguments()))}}
    chunks = [chunk([{"text": word}]) for word in words()]
    return sse(*chunks, *(chunk([call]) for _ in range(CALLS)), chunk([], finishReason="STOP"))


STREAMS = {
    "openai_chat": chat_stream,
    "anthropic": anthropic_stream,
    "responses": responses_stream,
    "gemini": gemini_stream,
}
