"""Every fault of a provider, in every format it may speak: who answers instead, what the client is told."""

from collections.abc import Callable, Mapping
from typing import get_args

import pytest

from proxy.exchange import Outcome
from proxy.wire.format import Format
from tests.fakes import faults
from tests.fakes.broken import SOME
from tests.fakes.fault import Fault
from tests.fakes.script import Turn
from tests.proxy.matrix.columns import COLUMNS, Column
from tests.proxy.upstream.hearing import Told
from tests.proxy.upstream.stage import BEFORE_WORDS, Stage, staged

WELL = Turn("All is well here.")
NO_FIRST_BYTE = {"timeouts": {"first_byte": 0.25}}
NO_MORE = {"timeouts": {"idle": 0.25}}
"""Only for who hangs anyway: a test run pauses now and then for as long as that."""
_CHATS = (Format.ANTHROPIC, Format.OPENAI_CHAT, Format.GEMINI)

every_column = pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.format.value)
whole_and_streamed = pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
every_client = pytest.mark.parametrize("spoken", [Format.ANTHROPIC, Format.OPENAI_CHAT])


def _named(value: object) -> str | None:
    if isinstance(value, Fault):
        return value.name.replace(" ", "-")
    return getattr(value, "__name__", None)


def _on_both(column: Column, spoken: Format) -> bool:
    """All formats for Anthropic's clients, a few for the others."""
    return spoken is Format.ANTHROPIC or column.format in _CHATS


pairs = pytest.mark.parametrize(
    ("column", "spoken"),
    [
        pytest.param(column, spoken, id=f"{column.format}-for-{spoken}")
        for spoken in (Format.ANTHROPIC, Format.OPENAI_CHAT)
        for column in COLUMNS
        if _on_both(column, spoken)
    ],
)


def _patience(fault: Fault) -> Mapping[str, object]:
    return NO_FIRST_BYTE if fault.name == faults.hang_before_headers().name else {}


def _answered(stage: Stage, answer: Told, turn: Turn, *, by: int) -> None:
    """In full, and the headers say the truth about who did it."""
    assert (answer.status, answer.text, answer.ends, answer.errors) == (200, turn.text, 1, ())
    _headers_are_true(stage, answer, by=by)
    assert stage.asked == [1] * (by + 1) + [0] * (len(stage.fakes) - by - 1)


def _headers_are_true(stage: Stage, answer: Told, *, by: int) -> None:
    [exchange] = stage.running.recorder.exchanges
    attempt = exchange.attempts[by]
    assert exchange.serving is attempt
    assert attempt.service.provider == f"p{by}"
    assert answer.headers["x-tierwise-service"] == str(attempt.service)
    assert answer.headers["x-tierwise-provider"] == f"p{by}"
    assert answer.headers["x-tierwise-attempts"] == str(len(exchange.attempts)) == str(by + 1)


# A fault before the first word leads on

LEADS_ON = (
    faults.unauthenticated(),
    faults.payment_required(),
    faults.forbidden(),
    faults.model_not_found(),
    *map(faults.status, (408, 409, 500, 502, 503, 504, 520, 529)),
    faults.rate_limited(),
    faults.hang_before_headers(),
    faults.disconnect_before_answer(),
    faults.ok_with_error_body(),
    faults.error_first_event(),
    faults.html_error_page(),
    faults.html_error_page(200),
    faults.empty_answer(),
)


@pairs
@pytest.mark.parametrize("fault", LEADS_ON, ids=_named)
@whole_and_streamed
async def test_the_next_service_answers(fault: Fault, column: Column, spoken: Format, streamed: bool) -> None:
    async with staged(column, fault, WELL, of_first=_patience(fault)) as stage:
        answer = await stage.ask(spoken, streamed=streamed)
        _answered(stage, answer, WELL, by=1)


MIDWAY = (
    faults.hang_mid_stream,
    faults.disconnect_mid_event,
    faults.malformed_event,
    faults.error_mid_stream,
)


@pairs
@pytest.mark.parametrize("fault", MIDWAY, ids=_named)
async def test_the_next_service_answers_where_one_breaks_in_the_middle_of_a_whole_answer(
    fault: Callable[[], Fault], column: Column, spoken: Format
) -> None:
    async with staged(column, fault(), WELL, of_first=NO_MORE) as stage:
        answer = await stage.ask(spoken, streamed=False)
        _answered(stage, answer, WELL, by=1)


@pairs
@pytest.mark.parametrize("fault", MIDWAY, ids=_named)
async def test_a_stream_that_breaks_ends_with_one_error_and_never_with_a_good_end(
    fault: Callable[[int], Fault], column: Column, spoken: Format
) -> None:
    breaking = fault(BEFORE_WORDS.get(column.format, 0) + 2)
    async with staged(column, breaking, WELL, of_first=NO_MORE) as stage:
        answer = await stage.ask(spoken, streamed=True)
        assert answer.status == 200
        _headers_are_true(stage, answer, by=0)
        assert stage.asked == [1, 0]
        if fault is faults.malformed_event and column.format is spoken:
            assert answer.broken == 1  # it goes through as it came, and the client stumbles over it itself
            return
        assert answer.text
        assert SOME.text.startswith(answer.text)
        assert answer.text != SOME.text
        assert answer.error["message"]
        assert answer.ends == 0
        [exchange] = stage.running.recorder.exchanges
        assert (exchange.outcome, exchange.attempts[0].outcome) == (Outcome.FAILED, Outcome.FAILED)


@every_column
@pytest.mark.parametrize("code", [400, 413, 422])
@whole_and_streamed
async def test_a_request_that_is_refused_as_such_is_told_so_at_once(
    code: int, column: Column, streamed: bool
) -> None:
    async with staged(column, faults.status(code, "This is wrong."), WELL) as stage:
        answer = await stage.ask(Format.ANTHROPIC, streamed=streamed)
        assert (answer.status, answer.error["message"]) == (code, "This is wrong.")
        assert answer.headers["x-tierwise-attempts"] == "1"
        assert stage.asked == [1, 0]


ODD = (faults.wrong_content_type, faults.gzipped, faults.json_when_stream_was_asked)


@pairs
@pytest.mark.parametrize("fault", ODD, ids=_named)
@whole_and_streamed
async def test_an_answer_that_only_looks_odd_is_a_good_one(
    fault: Callable[[], Fault], column: Column, spoken: Format, streamed: bool
) -> None:
    async with staged(column, fault(), WELL) as stage:
        answer = await stage.ask(spoken, streamed=streamed)
        _answered(stage, answer, SOME, by=0)


# With nobody else to ask

ALONE = {
    faults.unauthenticated(): (401, "authentication_error"),
    faults.payment_required(): (402, "billing_error"),
    faults.forbidden(): (403, "permission_error"),
    faults.model_not_found(): (404, "not_found_error"),
    faults.status(408): (408, "timeout_error"),
    faults.rate_limited(): (429, "rate_limit_error"),
    faults.server_error(): (500, "api_error"),
    faults.unavailable(): (529, "overloaded_error"),
    faults.overloaded(): (529, "overloaded_error"),
    faults.hang_before_headers(): (504, "timeout_error"),
    faults.disconnect_before_answer(): (502, "api_error"),
    faults.html_error_page(): (502, "api_error"),
    faults.html_error_page(200): (502, "api_error"),
    faults.empty_answer(): (502, "api_error"),
    faults.ok_with_error_body(): (500, "api_error"),
}


@every_column
@pytest.mark.parametrize(("fault", "expected"), ALONE.items(), ids=_named)
@whole_and_streamed
async def test_the_status_is_the_providers_and_the_envelope_the_clients(
    fault: Fault, expected: tuple[int, str], column: Column, streamed: bool
) -> None:
    async with staged(column, fault, of_first=_patience(fault)) as stage:
        answer = await stage.ask(Format.ANTHROPIC, streamed=streamed)
        assert (answer.status, answer.error["type"]) == _OWN_WAYS.get((column.format, fault.name), expected)
        assert answer.error["message"]
        assert answer.headers["x-tierwise-attempts"] == "1"


_OWN_WAYS: Mapping[tuple[Format, str], tuple[int, str]] = {
    (Format.ANTHROPIC, "status 408"): (408, "api_error"),
    (Format.ANTHROPIC, "status 503"): (503, "api_error"),
    (Format.BEDROCK, "status 402"): (402, "permission_error"),
}
"""What the vendor itself calls it; who speaks the client's format is quoted word for word."""


# When to come back


@every_client
@every_column
@pytest.mark.parametrize("style", [style for style in get_args(faults.Style) if style != "google"])
async def test_the_client_is_told_in_whole_seconds_when_to_come_back(
    style: faults.Style, column: Column, spoken: Format
) -> None:
    async with staged(column, faults.rate_limited(style, 41.5)) as stage:
        answer = await stage.ask(spoken, streamed=True)
        assert answer.status == 429
        assert answer.error["message"] == "Rate limit reached. Please slow down."
        if style == "none":
            assert "retry-after" not in answer.headers
        else:
            assert 40 <= int(answer.headers["retry-after"]) <= 42


@every_client
async def test_googles_own_way_to_say_when_to_come_back(spoken: Format) -> None:
    google = next(column for column in COLUMNS if column.format is Format.GEMINI)
    async with staged(google, faults.rate_limited("google", 41.5)) as stage:
        answer = await stage.ask(spoken, streamed=False)
        assert (answer.status, answer.headers["retry-after"]) == (429, "42")


# A prompt that is too long


@every_column
@whole_and_streamed
async def test_a_prompt_that_is_too_long_goes_to_a_service_that_may_hold_it(
    column: Column, streamed: bool
) -> None:
    fault = faults.context_overflow(1_500, 1_000)
    async with staged(column, fault, WELL, model="one-of-unknown-size") as stage:
        answer = await stage.ask(Format.ANTHROPIC, streamed=streamed)
        _answered(stage, answer, WELL, by=1)


@every_column
@whole_and_streamed
async def test_a_prompt_that_is_too_long_for_all_is_told_in_the_clients_words(
    column: Column, streamed: bool
) -> None:
    async with staged(column, faults.context_overflow(1_500, 1_000)) as stage:
        answer = await stage.ask(Format.ANTHROPIC, streamed=streamed)
        assert (answer.status, answer.error["type"]) == (400, "invalid_request_error")
        message = answer.error["message"]
        if column.format in _TELLS_NUMBERS:
            assert message == "prompt is too long: 1500 tokens > 1000 maximum"
        else:
            assert message.startswith("prompt is too long")


_TELLS_NUMBERS = (Format.ANTHROPIC, Format.OPENAI_CHAT, Format.GEMINI)
