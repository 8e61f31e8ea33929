"""Amazon Bedrock as the service answers: Converse, and Anthropic's models by their own format."""

import base64
from collections.abc import Collection, Mapping
from typing import Any

from proxy.wire.format import Format
from tests.fakes.formats.anthropic import Anthropic, anthropic_events
from tests.fakes.formats.anthropic_request import read_anthropic
from tests.fakes.formats.bedrock_request import read_converse
from tests.fakes.formats.speech import Incoming, Memory, Refused, Reply, Speech, Task, json_reply
from tests.fakes.formats.text import compact, cut, encoded
from tests.fakes.rules.bedrock import check_converse, check_invoke
from tests.fakes.script import Asked, Billed, Turn
from tests.proxy.wire.framing.frames import event, exception

_STOPS = {
    "end": "end_turn",
    "calls": "tool_use",
    "length": "max_tokens",
    "sequence": "stop_sequence",
    "filter": "content_filtered",
}
_TYPES = {
    400: "ValidationException",
    401: "UnrecognizedClientException",
    402: "AccessDeniedException",
    403: "AccessDeniedException",
    404: "ResourceNotFoundException",
    408: "ModelTimeoutException",
    424: "ModelErrorException",
    429: "ThrottlingException",
    500: "InternalServerException",
    503: "ServiceUnavailableException",
    529: "ServiceUnavailableException",
}
_MODEL = "/model/(?P<model>[^/]+)"
_CREDENTIAL = "AWS4-HMAC-SHA256 Credential="


class Bedrock(Speech):
    format = Format.BEDROCK
    places = (
        ("POST", f"{_MODEL}/(?:converse|converse-stream|invoke|invoke-with-response-stream)", Task.ANSWER),
        ("POST", f"{_MODEL}/count-tokens", Task.COUNT),
        ("GET", "/foundation-models", Task.MODELS),
    )
    stream_type = "application/vnd.amazon.eventstream"
    call_prefix = "tooluse_"
    signs = True

    def keys(self, incoming: Incoming) -> set[str]:
        """The key itself, or the name of that by which the request is signed."""
        shown = incoming.headers.get("authorization", "")
        signed = shown.removeprefix(_CREDENTIAL).partition("/")[0] if shown.startswith(_CREDENTIAL) else ""
        return super().keys(incoming) | {signed}

    def asked(self, incoming: Incoming, model: str, memory: Memory) -> Asked:
        body = incoming.body
        return Asked(
            format=self.format,
            path=incoming.path_qs,
            headers=incoming.headers,
            body=body,
            model=model,
            stream=incoming.path.endswith("-stream"),
            **(read_anthropic(body) if "/invoke" in incoming.path else read_converse(body)),
        )

    def check(self, asked: Asked, memory: Memory, *, max_output: int) -> None:
        if asked.path.endswith("/count-tokens"):
            return
        (check_invoke if is_invoked(asked) else check_converse)(asked, memory, max_output=max_output)

    def whole(self, turn: Turn, asked: Asked, number: int) -> Any:
        if is_invoked(asked):
            return Anthropic().whole(turn, asked, number)
        return {
            "output": {
                "message": {
                    "role": "assistant",
                    "content": [block for block, _start, _deltas in _blocks(turn)],
                }
            },
            "stopReason": _STOPS[turn.reason],
            "usage": written_usage(turn.usage),
            "metrics": {"latencyMs": 1},
        }

    def stream(self, turn: Turn, asked: Asked, number: int) -> list[bytes]:
        if is_invoked(asked):
            return [_wrapped(told) for told in anthropic_events(turn, asked, number)]
        frames = [event("messageStart", encoded({"role": "assistant"}))]
        for index, (_block, start, deltas) in enumerate(_blocks(turn)):
            at = {"contentBlockIndex": index}
            frames += [event("contentBlockStart", encoded({**at, "start": start}))] if start else []
            frames += [event("contentBlockDelta", encoded({**at, "delta": delta})) for delta in deltas]
            frames.append(event("contentBlockStop", encoded(at)))
        frames.append(event("messageStop", encoded({"stopReason": _STOPS[turn.reason]})))
        told = {"usage": written_usage(turn.usage), "metrics": {"latencyMs": 1}}
        return [*frames, event("metadata", encoded(told))]

    def error(self, status: int, message: str, code: str | None = None) -> Reply:
        type_ = code or _TYPES.get(status, "InternalServerException")
        kind = f"{type_}:http://internal.amazon.com/coral/com.amazon.bedrock/"
        return json_reply(status, {"message": message}, x_amzn_errortype=kind, x_amzn_requestid="req_fake")

    def error_event(self, message: str, asked: Asked) -> bytes:
        return exception("serviceUnavailableException", encoded({"message": message}))

    def malformed_event(self, asked: Asked) -> bytes:
        """The checksum at the end does not hold."""
        frame = event("contentBlockDelta", encoded({"contentBlockIndex": 0, "delta": {"text": "broken"}}))
        return frame[:-1] + bytes([frame[-1] ^ 0xFF])

    def overflow(self, tokens: int, maximum: int) -> Refused:
        return Refused("Input is too long for requested model.")

    def no_model(self, model: str) -> Refused:
        return Refused("The provided model identifier is invalid.")

    def counted(self, tokens: int) -> Any:
        return {"inputTokens": tokens}

    def models(self, names: Collection[str]) -> Any:
        told = {"providerName": "Fake", "inputModalities": ["TEXT"], "outputModalities": ["TEXT"]}
        return {"modelSummaries": [{"modelId": name, "modelName": name, **told} for name in names]}


def is_invoked(asked: Asked) -> bool:
    return "/invoke" in asked.path


def written_usage(billed: Billed) -> dict[str, Any]:
    return {
        "inputTokens": billed.input,
        "outputTokens": billed.output,
        "totalTokens": billed.prompt + billed.output,
        "cacheReadInputTokens": billed.cache_read,
        "cacheWriteInputTokens": billed.cache_write,
    }


def _wrapped(told: Mapping[str, Any]) -> bytes:
    return event("chunk", encoded({"bytes": base64.b64encode(encoded(told)).decode()}))


def _blocks(turn: Turn) -> list[tuple[dict[str, Any], dict[str, Any] | None, list[dict[str, Any]]]]:
    """Each block, how it starts (only calls do so), and the deltas that it comes in."""
    blocks: list[tuple[dict[str, Any], dict[str, Any] | None, list[dict[str, Any]]]] = []
    if turn.thinking is not None:
        said = {"reasoningText": {"text": turn.thinking, "signature": turn.signature}}
        deltas = [{"reasoningContent": {"text": piece}} for piece in cut(turn.thinking)]
        signed = {"reasoningContent": {"signature": turn.signature}}
        blocks.append(({"reasoningContent": said}, None, [*deltas, signed]))
    if turn.text:
        blocks.append(({"text": turn.text}, None, [{"text": piece} for piece in cut(turn.text)]))
    for call in turn.calls:
        start = {"toolUseId": call.id, "name": call.name}
        pieces = cut(compact(dict(call.arguments)), 4)
        deltas = [{"toolUse": {"input": piece}} for piece in pieces]
        blocks.append(({"toolUse": {**start, "input": dict(call.arguments)}}, {"toolUse": start}, deltas))
    return blocks
