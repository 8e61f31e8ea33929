"""All that vendors do to a request other than answering it; each goes with any format."""

from aiohttp import web

from tests.fakes.broken import (
    disconnect_before_answer,
    disconnect_mid_event,
    drip,
    empty_answer,
    error_first_event,
    error_mid_stream,
    gzipped,
    hang_before_headers,
    hang_mid_stream,
    html_error_page,
    json_when_stream_was_asked,
    malformed_event,
    ok_with_error_body,
    wrong_content_type,
)
from tests.fakes.fault import Fault
from tests.fakes.limits import Style, rate_limited
from tests.fakes.script import Answering, Asked, Step, Turn
from tests.fakes.serving import Serving

__all__ = [
    "Fault",
    "Style",
    "bad_request",
    "context_overflow",
    "disconnect_before_answer",
    "disconnect_mid_event",
    "drip",
    "empty_answer",
    "error_first_event",
    "error_mid_stream",
    "forbidden",
    "gzipped",
    "hang_before_headers",
    "hang_mid_stream",
    "html_error_page",
    "json_when_stream_was_asked",
    "malformed_event",
    "model_not_found",
    "ok_with_error_body",
    "overloaded",
    "payment_required",
    "rate_limited",
    "refuses_adaptive_thinking",
    "server_error",
    "status",
    "unauthenticated",
    "unavailable",
    "wrong_content_type",
]


def status(code: int, message: str = "", *, inner_code: str | None = None, **headers: str) -> Fault:
    """An error of this status in the format's own body; underscores in headers' names stand for dashes."""

    async def happen(serving: Serving) -> web.StreamResponse:
        reply = serving.speech.error(
            code, message or _MESSAGES.get(code, "Something went wrong."), inner_code
        )
        added = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(body=reply.body, status=code, headers={**reply.headers, **added})

    return Fault(f"status {code}", happen)


_MESSAGES = {
    400: "The request is not valid.",
    401: "The key is not valid.",
    402: "Your credit balance is too low.",
    403: "You may not do this.",
    500: "Internal server error",
    503: "The service is unavailable.",
    529: "Overloaded",
}


def bad_request(message: str = "The request is not valid.") -> Fault:
    return status(400, message)


def unauthenticated() -> Fault:
    return status(401)


def payment_required() -> Fault:
    return status(402)


def forbidden() -> Fault:
    return status(403)


def server_error() -> Fault:
    return status(500)


def unavailable() -> Fault:
    return status(503)


def overloaded() -> Fault:
    return status(529)


def model_not_found() -> Fault:
    """In the words for the model that was asked for."""

    async def happen(serving: Serving) -> web.StreamResponse:
        return serving.refused(serving.speech.no_model(serving.asked.model))

    return Fault("model not found", happen)


def context_overflow(tokens: int = 210_000, maximum: int = 200_000) -> Fault:
    """In the words of the format's own vendor; not all of them tell the numbers."""

    async def happen(serving: Serving) -> web.StreamResponse:
        return serving.refused(serving.speech.overflow(tokens, maximum))

    return Fault("context overflow", happen)


def refuses_adaptive_thinking(answer: Answering | Turn) -> Answering:
    """A smaller model of Anthropic's: it answers only who does not ask it to think as it sees fit."""

    def script(asked: Asked) -> Step:
        if (asked.body.get("thinking") or {}).get("type") == "adaptive":
            return bad_request("adaptive thinking is not supported on this model")
        return answer if isinstance(answer, Turn) else answer(asked)

    return script
