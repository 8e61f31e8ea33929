"""What a real llama.cpp said, in each of the three formats it speaks, means what it meant."""

import json

import pytest

from proxy.wire.assemble import collected
from proxy.wire.canonical import (
    UNKNOWN,
    Answer,
    Block,
    BlockBegin,
    Event,
    Stop,
    StopReason,
    Text,
    Thinking,
    ToolCall,
    Usage,
)
from proxy.wire.errors import read_error
from proxy.wire.failure import FailureKind
from proxy.wire.format import Format
from proxy.wire.sides import PROVIDER
from proxy.wire.target import Expecting
from proxy.wire.text_calls import TextCalls, rescued
from tests.llama.exchanges import EXCHANGES, request_body
from tests.llama.recording import FOLDER, SUFFIX, recorded

GREETING = Text("Hello from the tiny local model.")
DONE = Text("Done: the tool answered.")
TICKS = Text("tick tock tick tock")
STOPPED = Text("tick ")
THOUGHT = "Let me see this."
WEATHER = ("weather", {"city": "", "days": 1})
PING: tuple[str, dict[str, object]] = ("ping", {})
LEAKED = Text('I will call: <function_call>{"name": "ping", "arguments": {}}</function_call>')
END, LIMIT, TOOL = Stop(StopReason.END_TURN), Stop(StopReason.MAX_TOKENS), Stop(StopReason.TOOL_USE)
AT_SEQUENCE = Stop(StopReason.STOP_SEQUENCE, "tock tick")

FORMATS = {"chat": Format.OPENAI_CHAT, "responses": Format.RESPONSES, "messages": Format.ANTHROPIC}


def _usage(prompt: int, output: int, cached: int = 0) -> Usage:
    return Usage(input=prompt - cached, cache_read=cached, output=output)


MEANT: dict[str, tuple[list[object], Stop, Usage]] = {
    "chat_plain": ([GREETING], END, _usage(22, 7)),
    "chat_plain_again": ([GREETING], END, _usage(22, 7, cached=21)),
    "chat_stream": ([GREETING], END, _usage(22, 7)),
    "chat_stream_usage": ([GREETING], END, _usage(22, 7)),
    "chat_think": ([THOUGHT, GREETING], END, _usage(27, 12)),
    "chat_think_stream": ([THOUGHT, GREETING], END, _usage(27, 12)),
    "chat_limit": ([TICKS], LIMIT, _usage(26, 4)),
    "chat_limit_stream": ([TICKS], LIMIT, _usage(26, 4)),
    "chat_stop": ([STOPPED], END, _usage(26, 3)),
    "chat_stop_stream": ([STOPPED], END, _usage(26, 3)),
    "chat_tools_auto": ([PING], TOOL, _usage(622, 38)),
    "chat_tools_required": ([WEATHER], TOOL, _usage(490, 62)),
    "chat_tools_stream": ([WEATHER], TOOL, _usage(490, 62)),
    "chat_parallel": ([PING, PING], TOOL, _usage(621, 39)),
    "chat_parallel_stream": ([PING, PING], TOOL, _usage(621, 39)),
    "chat_tools_truncated": ([Text('<tool_call>\n{"name": "')], LIMIT, _usage(490, 12)),
    "chat_tool_result": ([DONE], END, _usage(490, 5)),
    "chat_tool_result_stream": ([DONE], END, _usage(490, 5)),
    "chat_call_as_text": ([LEAKED], END, _usage(392, 6)),
    "chat_call_as_text_stream": ([LEAKED], END, _usage(392, 6)),
    "chat_schema": ([Text('{"n": 1}')], END, _usage(22, 11)),
    "chat_logprobs": ([Text("Maybe yes")], END, _usage(28, 3)),
    "responses_plain": ([GREETING], END, _usage(22, 7)),
    "responses_stream": ([GREETING], END, _usage(22, 7)),
    "responses_think": ([THOUGHT, GREETING], END, _usage(27, 12)),
    "responses_think_stream": ([THOUGHT, GREETING], END, _usage(27, 12)),
    "responses_tools": ([WEATHER], TOOL, _usage(490, 62)),
    "responses_tools_stream": ([WEATHER], TOOL, _usage(490, 62)),
    "responses_tool_result": ([DONE], END, _usage(490, 5)),
    # llama.cpp says "completed" there, whatever ended it.
    "responses_limit": ([TICKS], END, _usage(26, 4)),
    "responses_limit_stream": ([TICKS], END, _usage(26, 4)),
    "messages_plain": ([GREETING], END, _usage(22, 7)),
    "messages_stream": ([GREETING], END, _usage(22, 7)),
    "messages_think": ([THOUGHT, GREETING], END, _usage(27, 12)),
    "messages_think_stream": ([THOUGHT, GREETING], END, _usage(27, 12)),
    "messages_tools": ([WEATHER], TOOL, _usage(472, 62)),
    "messages_tools_stream": ([WEATHER], TOOL, _usage(472, 62)),
    "messages_tool_result": ([DONE], END, _usage(480, 5)),
    "messages_stop": ([STOPPED], AT_SEQUENCE, _usage(26, 3)),
    "messages_stop_stream": ([STOPPED], AT_SEQUENCE, _usage(26, 3)),
    "messages_limit": ([TICKS], LIMIT, _usage(26, 4)),
}
FAILED: dict[str, FailureKind] = {
    "chat_error_bad_json": FailureKind.BAD_REQUEST,
    "chat_error_image": FailureKind.SERVER,
    "chat_error_no_messages": FailureKind.BAD_REQUEST,
    "chat_error_too_long": FailureKind.CONTEXT_OVERFLOW,
    "chat_error_too_long_stream": FailureKind.CONTEXT_OVERFLOW,
    "guarded_chat": FailureKind.UNAUTHENTICATED,
    "guarded_messages": FailureKind.UNAUTHENTICATED,
    "messages_error_bad_json": FailureKind.BAD_REQUEST,
    "messages_error_no_messages": FailureKind.SERVER,
    "messages_error_too_long": FailureKind.CONTEXT_OVERFLOW,
    "responses_error_too_long": FailureKind.CONTEXT_OVERFLOW,
    "unknown_path": FailureKind.NOT_FOUND,
}
ELSEWHERE = {"count_tokens", "health", "models", "props", "chat_tools_none", "chat_tools_truncated_stream"}


def _side(name: str) -> Format:
    return FORMATS[name.partition("_")[0]]


def _events(name: str, size: int) -> list[Event]:
    body = recorded(name).body
    reader = PROVIDER[_side(name)].stream_reader(Expecting(seed="seed"))
    chunks = [body[start : start + size] for start in range(0, len(body), size)]
    return [*(event for chunk in chunks for event in reader.feed(chunk)), *reader.end()]


def _answer(name: str) -> Answer:
    if recorded(name).content_type.startswith("text/event-stream"):
        return collected(_events(name, 1 << 20), _side(name))
    return PROVIDER[_side(name)].read_answer(recorded(name).body, Expecting(seed="seed"))


def _plain(block: Block) -> object:
    match block:
        case ToolCall(name=name, arguments=arguments):
            return name, json.loads(arguments)
        case Thinking(text):
            return text
        case Text(text):
            return Text(text)
    return block


@pytest.mark.parametrize("name", MEANT)
def test_an_answer_means_what_it_meant(name: str) -> None:
    content, stop, usage = MEANT[name]
    answer = _answer(name)
    assert [_plain(block) for block in answer.content] == content
    assert Stop(answer.stop.reason, answer.stop.sequence) == stop
    assert answer.usage == usage
    assert answer.model in ("tiny", None)


@pytest.mark.parametrize("name", [name for name in MEANT if "_stream" in name])
def test_a_stream_in_other_pieces_is_the_same_stream(name: str) -> None:
    whole = _events(name, 1 << 20)
    for size in (1, 7, 100):
        assert _events(name, size) == whole


@pytest.mark.parametrize("name", [name for name in MEANT if recorded(name).body.count(b'"id"') > 1])
def test_calls_have_ids_of_their_own(name: str) -> None:
    ids = [block.id for block in _answer(name).content if isinstance(block, ToolCall)]
    assert len(set(ids)) == len(ids)
    assert all(ids)


@pytest.mark.parametrize("name", FAILED)
def test_an_error_is_what_it_was(name: str) -> None:
    told = recorded(name)
    assert read_error(told.status, told.body).kind is FAILED[name]


@pytest.mark.parametrize("name", [name for name in FAILED if "too_long" in name])
def test_a_prompt_that_is_too_long_tells_its_length_and_the_limit(name: str) -> None:
    told = recorded(name)
    failure = read_error(told.status, told.body)
    assert (failure.tokens, failure.maximum) == (9020, 8192)


def test_a_call_cut_off_by_the_limit_in_a_stream_is_half_a_call_that_says_so() -> None:
    answer = collected(_events("chat_tools_truncated_stream", 64), Format.OPENAI_CHAT)
    [call] = answer.content
    assert isinstance(call, ToolCall)
    assert (call.name, call.arguments) == ("weather", '{"city": "')
    assert answer.stop.reason is StopReason.MAX_TOKENS


def test_a_cut_off_call_stays_text_and_is_not_rescued() -> None:
    answer = _answer("chat_tools_truncated")
    assert rescued(answer, ["weather"], "seed") == answer


@pytest.mark.parametrize("name", ["chat_call_as_text", "chat_call_as_text_stream"])
def test_a_call_that_came_as_text_is_rescued(name: str) -> None:
    answer = rescued(_answer(name), ["ping"], "seed")
    assert [_plain(block) for block in answer.content] == [Text("I will call: "), PING]
    assert answer.stop.reason is StopReason.TOOL_USE


def test_a_call_that_came_as_text_is_rescued_while_it_streams() -> None:
    calls = TextCalls(["ping"], "seed")
    events = [each for event in _events("chat_call_as_text_stream", 50) for each in calls.feed(event)]
    begun = [event.block for event in events if isinstance(event, BlockBegin)]
    assert [type(block) for block in begun] == [Text, ToolCall]
    assert _plain(collected(events, Format.OPENAI_CHAT).content[1]) == PING


def test_every_exchange_is_recorded_and_every_recording_is_looked_at() -> None:
    names = {file.stem for file in FOLDER.glob(f"*{SUFFIX}")}
    assert names == set(EXCHANGES) == set(MEANT) | set(FAILED) | ELSEWHERE


@pytest.mark.parametrize("name", EXCHANGES)
def test_a_recording_tells_what_was_asked_and_nothing_of_the_machine(name: str) -> None:
    told = recorded(name)
    assert (told.path, told.request) == (EXCHANGES[name][0], request_body(EXCHANGES[name][1]) or b"")
    for trace in (b"/tmp/", b"/home/", b"/root/", b"Users", b"tiny.gguf/"):
        assert trace not in told.body


def test_what_it_says_of_itself_is_readable() -> None:
    assert json.loads(recorded("count_tokens").body) == {"input_tokens": 22}
    assert json.loads(recorded("health").body) == {"status": "ok"}
    assert json.loads(recorded("props").body)["model_path"] == "tiny.gguf"
    assert json.loads(recorded("models").body)["data"][0]["owned_by"] == "llamacpp"
    assert UNKNOWN.input is None
