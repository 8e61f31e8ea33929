"""Every fault does what its name says, in every format."""

import asyncio
import gzip
import json
from email.utils import parsedate_to_datetime

import aiohttp
import pytest

from proxy.wire.errors import read_error
from proxy.wire.failure import FailureKind
from proxy.wire.format import Format
from tests.fakes import faults
from tests.fakes.asking import MODEL, got, got_in, question
from tests.fakes.fault import Fault
from tests.fakes.script import Script, Turn
from tests.fakes.server import FakeLlm, fake_llm

_FORMATS = list(Format)
_TURN = Turn("This is long enough to come in several pieces.")

_STATUSES = [
    (faults.unauthenticated(), 401, FailureKind.UNAUTHENTICATED),
    (faults.payment_required(), 402, FailureKind.QUOTA),
    (faults.forbidden(), 403, FailureKind.FORBIDDEN),
    (faults.server_error(), 500, FailureKind.SERVER),
    (faults.unavailable(), 503, FailureKind.OVERLOADED),
    (faults.overloaded(), 529, FailureKind.OVERLOADED),
    (faults.bad_request(), 400, FailureKind.BAD_REQUEST),
    (faults.rate_limited(), 429, FailureKind.RATE_LIMIT),
]


@pytest.mark.parametrize("spoken", _FORMATS)
@pytest.mark.parametrize(("fault", "status", "kind"), _STATUSES, ids=[str(row[1]) for row in _STATUSES])
async def test_an_error_is_told_as_the_format_tells_it(
    fault: Fault, status: int, kind: FailureKind, spoken: Format
) -> None:
    async with fake_llm(spoken, fault) as fake:
        answer = await got(fake, stream=True)
    assert answer.status == status
    if not (spoken is Format.BEDROCK and status == 402):  # there, no money is no access
        assert read_error(status, answer.body, answer.headers).kind is kind
    assert fake.billed == {}


@pytest.mark.parametrize("spoken", _FORMATS)
async def test_a_model_that_is_not_there_is_named(spoken: Format) -> None:
    async with fake_llm(spoken, faults.model_not_found()) as fake:
        answer = await got(fake)
    assert read_error(answer.status, answer.body, answer.headers).kind is FailureKind.MODEL_NOT_FOUND
    assert spoken is Format.BEDROCK or MODEL.encode() in answer.body


_TELLS_NUMBERS = (Format.ANTHROPIC, Format.OPENAI_CHAT, Format.GEMINI)


@pytest.mark.parametrize("spoken", _FORMATS)
async def test_an_overflow_is_told_in_the_words_of_the_vendor(spoken: Format) -> None:
    async with fake_llm(spoken, faults.context_overflow(1500, 1000)) as fake:
        answer = await got(fake)
    failure = read_error(answer.status, answer.body, answer.headers)
    assert failure.kind is FailureKind.CONTEXT_OVERFLOW
    assert fake.refused == []
    assert (failure.tokens, failure.maximum) == ((1500, 1000) if spoken in _TELLS_NUMBERS else (None, None))


_STYLES = [
    ("retry-after", "retry-after", "62.5"),
    ("retry-after-ms", "retry-after-ms", "62500"),
    ("x-ratelimit", "x-ratelimit-reset-requests", "1m2.5s"),
]


@pytest.mark.parametrize(("style", "header", "value"), _STYLES)
async def test_a_limit_says_when_it_ends(style: faults.Style, header: str, value: str) -> None:
    async with fake_llm("openai_chat", faults.rate_limited(style, 62.5)) as fake:
        answer = await got(fake)
    assert (answer.status, answer.headers[header]) == (429, value)


async def test_a_limit_may_end_at_a_date() -> None:
    async with fake_llm("anthropic", faults.rate_limited("retry-after-date", 600)) as fake:
        answer = await got(fake)
    now = parsedate_to_datetime(answer.headers["date"])
    assert 590 <= (parsedate_to_datetime(answer.headers["retry-after"]) - now).total_seconds() <= 610


async def test_anthropic_tells_the_moment_for_each_of_its_limits() -> None:
    async with fake_llm("anthropic", faults.rate_limited("anthropic", 600)) as fake:
        headers = (await got(fake)).headers
    for kind in ("requests", "tokens", "input-tokens", "output-tokens"):
        assert headers[f"anthropic-ratelimit-{kind}-remaining"] == "0"
        assert headers[f"anthropic-ratelimit-{kind}-reset"].endswith("Z")
    assert "retry-after" not in headers


async def test_google_tells_the_wait_in_the_body() -> None:
    async with fake_llm("gemini", faults.rate_limited("google", 7)) as fake:
        answer = await got(fake)
    assert read_error(429, answer.body, answer.headers).retry_after == 7


async def test_a_model_that_cannot_think_as_it_sees_fit_says_so() -> None:
    async with fake_llm("anthropic", faults.refuses_adaptive_thinking(_TURN)) as fake:
        asked = question(Format.ANTHROPIC)
        async with aiohttp.ClientSession() as session:
            plain = await got_in(session, fake, asked)
            asked.body["thinking"] = {"type": "adaptive"}
            adaptive = await got_in(session, fake, asked)
    assert plain.status == 200
    assert adaptive.status == 400
    assert "adaptive thinking" in json.loads(adaptive.body)["error"]["message"]


async def _begun(session: aiohttp.ClientSession, fake: FakeLlm) -> aiohttp.ClientResponse:
    asked = question(fake.speech.format, stream=True)
    return await session.post(fake.url + asked.path, json=asked.body, headers=asked.headers)


async def test_who_hangs_up_on_a_silent_fake_is_noticed() -> None:
    silent = faults.hang_before_headers()
    async with fake_llm("openai_chat", silent) as fake, aiohttp.ClientSession() as session:
        asking = asyncio.create_task(_begun(session, fake))
        await fake.arrived.wait()
        assert not fake.hung_up.is_set()
        asking.cancel()
        await fake.hung_up.wait()
    assert fake.billed == {}


@pytest.mark.parametrize("spoken", _FORMATS)
async def test_a_stream_may_stop_coming(spoken: Format) -> None:
    async with fake_llm(spoken, faults.hang_mid_stream(2, _TURN)) as fake, aiohttp.ClientSession() as session:
        response = await _begun(session, fake)
        expected = b"".join(fake.speech.stream(_TURN, fake.asked[0], 1)[:2])
        assert await response.content.readexactly(len(expected)) == expected
        assert not fake.hung_up.is_set()
        response.close()
        await fake.hung_up.wait()
    assert fake.billed == {MODEL: _TURN.usage}


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("spoken", _FORMATS)
async def test_a_connection_may_break_before_the_answer(spoken: Format, stream: bool) -> None:
    async with fake_llm(spoken, faults.disconnect_before_answer()) as fake:
        with pytest.raises((aiohttp.ServerDisconnectedError, ConnectionError, aiohttp.ClientOSError)):
            await got(fake, stream=stream)


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("spoken", _FORMATS)
async def test_a_connection_may_break_in_the_middle_of_an_event(spoken: Format, stream: bool) -> None:
    async with fake_llm(spoken, faults.disconnect_mid_event(2, _TURN)) as fake:
        with pytest.raises(aiohttp.ClientPayloadError):
            await got(fake, stream=stream)


@pytest.mark.parametrize("spoken", _FORMATS)
async def test_an_event_may_be_broken(spoken: Format) -> None:
    async with fake_llm(spoken, Script([faults.malformed_event(2, _TURN), _TURN])) as fake:
        broken, good = [await got(fake, stream=True) for _ in range(2)]
        bad = fake.speech.malformed_event(fake.asked[0])
    assert bad in broken.body
    assert len(broken.body) == len(good.body) + len(bad)


@pytest.mark.parametrize("spoken", _FORMATS)
async def test_a_whole_answer_may_be_broken(spoken: Format) -> None:
    async with fake_llm(spoken, faults.malformed_event(turn=_TURN)) as fake:
        body = (await got(fake)).body
    with pytest.raises(ValueError, match=r".*"):
        json.loads(body)


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("spoken", _FORMATS)
async def test_an_answer_may_be_compressed(spoken: Format, stream: bool) -> None:
    async with fake_llm(spoken, Script([faults.gzipped(_TURN), _TURN])) as fake:
        packed, plain = [await got(fake, stream=stream) for _ in range(2)]
    assert packed.headers["content-encoding"] == "gzip"
    assert len(gzip.decompress(packed.body)) == len(plain.body)


async def test_a_slow_answer_comes_event_by_event() -> None:
    gate = asyncio.Event()
    async with fake_llm("anthropic", faults.drip(gate, _TURN)) as fake, aiohttp.ClientSession() as session:
        response = await _begun(session, fake)
        pieces = fake.speech.stream(_TURN, fake.asked[0], 1)
        first = b"".join(pieces[:2])
        assert await response.content.readexactly(len(first)) == first
        for piece in pieces[2:]:
            gate.set()
            assert await response.content.readexactly(len(piece)) == piece
        assert await response.content.read() == b""


@pytest.mark.parametrize("spoken", _FORMATS)
async def test_a_good_status_may_stand_above_an_error(spoken: Format) -> None:
    async with fake_llm(spoken, faults.ok_with_error_body("It broke.")) as fake:
        answer = await got(fake, stream=True)
    assert answer.status == 200
    assert read_error(200, answer.body, answer.headers).sentence == "It broke."


@pytest.mark.parametrize("spoken", _FORMATS)
async def test_a_stream_may_begin_with_an_error(spoken: Format) -> None:
    async with fake_llm(spoken, faults.error_first_event("It broke.")) as fake:
        answer = await got(fake, stream=True)
        expected = fake.speech.error_event("It broke.", fake.asked[0])
    assert (answer.status, answer.body) == (200, expected)
    assert fake.billed == {}


@pytest.mark.parametrize("spoken", _FORMATS)
async def test_a_machine_in_between_may_answer(spoken: Format) -> None:
    async with fake_llm(spoken, faults.html_error_page()) as fake:
        answer = await got(fake)
    assert (answer.status, answer.headers["content-type"].partition(";")[0]) == (502, "text/html")


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("spoken", _FORMATS)
async def test_an_answer_may_be_empty(spoken: Format, stream: bool) -> None:
    async with fake_llm(spoken, faults.empty_answer()) as fake:
        answer = await got(fake, stream=stream)
    assert (answer.status, answer.body) == (200, b"")


@pytest.mark.parametrize("spoken", _FORMATS)
async def test_who_wants_a_stream_may_get_json(spoken: Format) -> None:
    async with fake_llm(spoken, faults.json_when_stream_was_asked(_TURN)) as fake:
        answer = await got(fake, stream=True)
    assert answer.headers["content-type"] == "application/json"
    assert _TURN.text in json.dumps(json.loads(answer.body))


@pytest.mark.parametrize("spoken", _FORMATS)
async def test_a_good_answer_may_bear_a_wrong_name(spoken: Format) -> None:
    async with fake_llm(spoken, Script([faults.wrong_content_type(_TURN), _TURN])) as fake:
        wrong, right = [await got(fake, stream=True) for _ in range(2)]
    assert wrong.headers["content-type"] == "text/plain"
    assert len(wrong.body) == len(right.body)


async def test_faults_and_answers_follow_one_another() -> None:
    async with fake_llm("responses", Script([faults.overloaded(), faults.rate_limited(), _TURN])) as fake:
        statuses = [(await got(fake)).status for _ in range(3)]
    assert statuses == [529, 429, 200]
    assert fake.billed == {MODEL: _TURN.usage}
