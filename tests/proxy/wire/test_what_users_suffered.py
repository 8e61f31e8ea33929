"""What users of translating proxies suffered from, held against every pair of our formats."""

import json
from typing import Any

import msgspec
import pytest
from msgspec import Raw

from proxy.wire.assemble import collected, spread
from proxy.wire.canonical import (
    Answer,
    Block,
    Conversation,
    Data,
    Failed,
    Image,
    Message,
    Opaque,
    OpaqueTool,
    Role,
    Stop,
    StopReason,
    Text,
    Tool,
    ToolCall,
    ToolResult,
    Usage,
)
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format
from proxy.wire.formats import ERRORS
from proxy.wire.sides import CLIENT, PROVIDER
from proxy.wire.target import Expecting, Reply, Target
from tests.proxy.wire.normal import Everything

TARGET = Target(model="m", issued=Everything())
REPLY = Reply(id="req_1", model="asked-for", created=1_700_000_000, shows_unsigned_thinking=True)
PICTURE = "iVBORw0KGgoAAAANSUhEUg"
SCHEMA = (
    b'{"type":"object","properties":{"limit":{"anyOf":[{"type":"integer","minimum":3},{"type":"null"}]},'
    b'"where":{"oneOf":[{"$ref":"#/$defs/place"}]}},"$defs":{"place":{"type":"string","maxLength":77}}}'
)
every_provider = pytest.mark.parametrize("provider", list(PROVIDER))
every_client = pytest.mark.parametrize("client", list(CLIENT))


def said(*blocks: Block, role: Role = Role.USER) -> Message:
    return Message(role, blocks)


def turns(count: int) -> tuple[Message, ...]:
    """A user who wants things done, one tool each, and is told of each; and the next wish."""
    messages: list[Message] = []
    for n in range(count):
        messages += [
            said(Text(f"wish {n}")),
            said(
                Text(f"looking {n}"), ToolCall(f"call_{n}", "look", json.dumps({"n": n})), role=Role.ASSISTANT
            ),
            said(ToolResult(f"call_{n}", (Text(f"found {n}"),), is_error=n == 1)),
            said(Text(f"done {n}"), role=Role.ASSISTANT),
        ]
    return (*messages, said(Text(f"wish {count}")))


def conversation(*messages: Message, **more: Any) -> Conversation:
    return Conversation(
        format=Format.ANTHROPIC, model="m", messages=messages or (said(Text("hi")),), max_tokens=99, **more
    )


def written(provider: Format, asked: Conversation, target: Target = TARGET) -> dict[str, Any]:
    return dict(json.loads(PROVIDER[provider].write_request(asked, target).body))


def texts_in(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


@every_provider
def test_a_system_message_in_the_middle_is_not_dropped(provider: Format) -> None:
    middle = said(Text("Only ever use tabs."), role=Role.SYSTEM)
    body = texts_in(
        written(provider, conversation(said(Text("hi")), middle, said(Text("ok"), role=Role.ASSISTANT)))
    )
    assert body.index("hi") < body.index("Only ever use tabs.")


@every_provider
def test_no_tool_is_added_for_a_client_that_sent_none(provider: Format) -> None:
    body = written(provider, conversation())
    assert not {"tools", "tool_choice", "toolConfig", "functions"} & body.keys()


@every_provider
def test_schemas_arrive_as_they_were(provider: Format) -> None:
    body = written(provider, conversation(tools=(Tool("look", "Looks.", Raw(SCHEMA)),)))
    assert texts_in(json.loads(SCHEMA)["properties"]) in texts_in(body)


@every_provider
def test_nothing_that_was_said_is_shortened(provider: Format) -> None:
    long = "".join(f"line {n} of the file\n" for n in range(5000))
    history = (
        said(Text("read it")),
        said(ToolCall("a", "read", '{"file": "x"}'), role=Role.ASSISTANT),
        said(ToolResult("a", (Text(long),))),
    )
    asked = conversation(*history, tools=(Tool("read", long, Raw(b'{"type":"object"}')),))
    assert texts_in(written(provider, asked)).count(json.dumps(long)[1:-1]) == 2


@every_provider
def test_pictures_never_become_text_not_even_for_the_blind(provider: Format) -> None:
    asked = conversation(said(Image(Data("image/png", PICTURE)), Text("what is it?")))
    assert PICTURE in texts_in(written(provider, asked))
    assert PICTURE not in texts_in(written(provider, asked, Target(model="m", vision=False)))


@every_provider
def test_what_a_provider_runs_itself_is_nobodys_tool_elsewhere(provider: Format) -> None:
    elsewhere = Format.RESPONSES if provider is Format.ANTHROPIC else Format.ANTHROPIC
    history = said(
        Opaque(elsewhere, "server_tool_use", Raw(b'{"type":"server_tool_use","name":"web_search"}')),
        Text("It rains."),
        role=Role.ASSISTANT,
    )
    searching = OpaqueTool(
        elsewhere, "web_search", Raw(b'{"type":"web_search_20250305","name":"web_search"}')
    )
    asked = conversation(said(Text("weather?")), history, said(Text("and?")), tools=(searching,))
    body = texts_in(written(provider, asked))
    assert "web_search" not in body
    assert "It rains." in body


@every_client
def test_a_search_that_a_provider_ran_is_no_call_for_the_client(client: Format) -> None:
    searched = Opaque(
        Format.BEDROCK, "server_tool_use", Raw(b'{"type":"server_tool_use","name":"web_search"}')
    )
    answer = Answer(
        format=Format.BEDROCK, content=(searched, Text("It rains.")), stop=Stop(StopReason.END_TURN)
    )
    writer = CLIENT[client].stream_writer(REPLY)
    stream = b"".join(writer.write(event) for event in spread(answer))
    for told in (CLIENT[client].write_answer(answer, REPLY), stream):
        assert b"web_search" not in told
        assert b"It rains." in told


@every_provider
@every_client
def test_what_was_sent_once_is_sent_the_same_in_the_next_turn(client: Format, provider: Format) -> None:
    def sent(count: int) -> list[Any]:
        asked = conversation(*turns(count), tools=(Tool("look", "Looks.", Raw(b'{"type":"object"}')),))
        read = CLIENT[client].read_request(PROVIDER[client].write_request(asked, TARGET).body)
        body = written(provider, msgspec.structs.replace(read, model="m"))
        return list(next(body[name] for name in ("messages", "input", "contents") if name in body))

    shorter, longer = sent(2), sent(4)
    assert longer[: len(shorter)] == shorter


@every_client
def test_parallel_calls_stay_apart_and_complete(client: Format) -> None:
    calls = tuple(ToolCall(f"call_{n}", "look", json.dumps({"n": n})) for n in range(3))
    answer = Answer(format=Format.OPENAI_CHAT, content=calls, stop=Stop(StopReason.TOOL_USE))
    writer = CLIENT[client].stream_writer(REPLY)
    reader = PROVIDER[client].stream_reader(Expecting())
    events = [e for event in spread(answer) for e in reader.feed(writer.write(event))]
    got = collected([*events, *reader.end()], client)
    assert [(c.id, json.loads(c.arguments)) for c in got.content if isinstance(c, ToolCall)] == [
        (f"call_{n}", {"n": n}) for n in range(3)
    ]
    assert got.stop.reason is StopReason.TOOL_USE


@every_client
def test_the_client_hears_the_model_it_asked_for_and_the_usage_that_was(client: Format) -> None:
    usage = Usage(input=2000, cache_read=30000, cache_write=1000, output=800)
    answer = Answer(
        format=Format.ANTHROPIC,
        model="served",
        content=(Text("hi"),),
        stop=Stop(StopReason.END_TURN),
        usage=usage,
    )
    got = PROVIDER[client].read_answer(CLIENT[client].write_answer(answer, REPLY), Expecting())
    assert got.model == "asked-for"
    assert (got.usage.prompt, got.usage.cache_read, got.usage.output) == (33000, 30000, 800)


@every_client
def test_a_stream_that_breaks_off_is_told_as_a_failure_not_as_an_end(client: Format) -> None:
    failure = Failure(FailureKind.BROKEN_OFF, "The provider broke off in the middle of its answer.")
    writer = CLIENT[client].stream_writer(REPLY)
    answer = Answer(format=client, content=(Text("half"),), stop=Stop(StopReason.END_TURN))
    stream = b"".join(map(writer.write, [*spread(answer)[:-1], Failed(failure)]))
    reader = PROVIDER[client].stream_reader(Expecting())
    last = [*reader.feed(stream), *reader.end()][-1]
    assert isinstance(last, Failed)
    assert failure.sentence in last.failure.sentence


@every_client
def test_an_error_is_an_error_and_never_an_answer(client: Format) -> None:
    body = json.loads(ERRORS[client].body(Failure(FailureKind.UNAUTHENTICATED, "The key is wrong."), "req_1"))
    assert body["error"]["message"] == "The key is wrong."
    assert not {"content", "choices", "output", "candidates"} & body.keys()


def test_claude_code_hears_the_words_upon_which_it_compacts() -> None:
    failure = Failure(FailureKind.CONTEXT_OVERFLOW, "too long", tokens=211234, maximum=200000)
    body = json.loads(ERRORS[Format.ANTHROPIC].body(failure, "req_1"))
    assert body["error"] == {
        "type": "invalid_request_error",
        "message": "prompt is too long: 211234 tokens > 200000 maximum",
    }
