"""What is not a call of an offered tool is the text it was, and is not kept waiting."""

import pytest

from proxy.wire.canonical import BlockBegin, Event, Stop, StopReason, Text, TextDelta
from proxy.wire.text_calls import TextCalls
from proxy.wire.text_calls.attempt import LIMIT
from proxy.wire.text_calls.scanner import LONGEST_BLANK
from proxy.wire.text_calls.tag_body import MOST_CLOSINGS
from tests.proxy.wire.text_calls.telling import OFFERED, answer, plain, stream, told

CALL = '<tool_call>{"name": "look", "arguments": {}}</tool_call>'
HELD = '<tool_call>{"name": "look", "arguments": {"path": "'

TEXTS = {
    "a package.json": '{\n  "name": "look",\n  "arguments": {},\n  "version": "1.0.0"\n}',
    "a package.json in a fence": '```json\n{"name": "look", "arguments": {}}\n```',
    "a sentence about the marker": "Hermes writes <tool_call> and then JSON, </tool_call> ends it.",
    "a marker at the end": "and then <tool_call>",
    "half a marker": "a <tool_ca and a <tool_",
    "html": "<p>a < b</p><function>look</function><parameter>",
    "another tool": '<tool_call>{"name": "delete", "arguments": {}}</tool_call>',
    "a tool whose name goes on": '<tool_call>{"name": "look_upon", "arguments": {}}</tool_call>',
    "a name in another place": '<tool_call>{"tool": "look", "arguments": {}}</tool_call>',
    "arguments that are a list": '<tool_call>{"name": "look", "arguments": [1]}</tool_call>',
    "arguments that are no json": '<tool_call>{"name": "look", "arguments": {path: a}}</tool_call>',
    "one of two not offered": '[TOOL_CALLS][{"name": "look"}, {"name": "delete"}]',
    "an empty list": "[TOOL_CALLS] []",
    "words after the json": '<tool_call>{"name": "look", "arguments": {}} or so</tool_call>',
    "words in the tags": '<invoke name="look">look!</invoke>',
    "markers of the end alone": "</tool_call> <|call|> </s> <|eot_id|>",
    "thinking in the middle": "The tag <think> begins it and </think> ends it.",
    "white space": " \n\t ",
    "white space around": "\n\n  Hello.  \n",
    "a llama.cpp call cut off": '<tool_call>\n{"name": "look", "arguments": {"path": "a',
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_it_is_the_text_it_was(text: str) -> None:
    rescued = answer(text)
    assert rescued.content == (Text(text),)
    assert rescued.stop.reason is StopReason.END_TURN


def test_a_call_that_the_limit_cut_off_keeps_its_stop_reason() -> None:
    cut_off = TEXTS["a llama.cpp call cut off"]
    assert answer(cut_off, Stop(StopReason.MAX_TOKENS)).stop.reason is StopReason.MAX_TOKENS


def test_a_call_is_found_after_what_only_looked_like_one() -> None:
    text = f'<tool_call>{{"name": "delete"}}</tool_call> <tool_call> {CALL}'
    assert plain(answer(text).content) == [text.removesuffix(CALL), ("look", "{}")]


def test_without_tools_nothing_is_a_call() -> None:
    assert answer(CALL, offered=()).content == (Text(CALL),)


@pytest.mark.parametrize(
    ("pieces", "passed"),
    [
        (["plain text"], ["plain text"]),
        (["a < b", " and c"], ["a < b", " and c"]),
        (["see <tool", "tip>"], ["see ", "<tooltip>"]),
        (["see <tool_call>", " of Hermes"], ["see ", "<tool_call>", " of Hermes"]),
        (["<tool_call>dele", "te it"], ["<tool_call>", "dele", "te it"]),
        (["[TOOL", "_CALLS", "S]"], ["[TOOL_CALLSS]"]),
    ],
)
def test_text_waits_only_while_it_may_become_a_marker(pieces: list[str], passed: list[str]) -> None:
    calls = TextCalls(OFFERED, "seed")
    events = [event for each in stream(pieces)[:-2] for event in calls.feed(each)]
    assert [event.text for event in events if isinstance(event, TextDelta)] == passed


def test_a_call_beyond_the_limit_is_text_and_the_stream_goes_on() -> None:
    calls = TextCalls(OFFERED, "seed")
    begin, block, first, *_ = stream([HELD])
    for event in (begin, block, first):
        calls.feed(event)
    long = "x" * LIMIT
    [begun, given, rest] = calls.feed(TextDelta(0, long))
    assert given.text == HELD + long[: LIMIT - len(HELD) + len("<tool_call>")]  # type: ignore[union-attr] # a delta
    assert rest == TextDelta(0, long[LIMIT - len(HELD) + len("<tool_call>") :])
    assert calls.feed(TextDelta(0, "and more")) == [TextDelta(0, "and more")]
    assert begun.index == 0  # type: ignore[union-attr] # a beginning


@pytest.mark.parametrize("beyond", [-1, 0, 1])
def test_the_limit_is_at_the_same_place_however_the_text_is_cut(beyond: int) -> None:
    filling = LIMIT - len(HELD + '"}}</tool_call>') + len("<tool_call>") + beyond
    text = f'{HELD}{"x" * filling}"}}}}</tool_call>'
    pieces = [text, text[:LIMIT], text[LIMIT:]]
    whole = told(stream(pieces[:1]))
    assert _kind(whole) == _kind(told(stream(pieces[1:]))) == ("Text" if beyond > 0 else "ToolCall")


def _kind(events: list[Event]) -> str:
    [kind] = {type(event.block).__name__ for event in events if isinstance(event, BlockBegin)}
    return kind


def test_a_text_that_never_stops_about_markers_costs_little() -> None:
    text = '<tool_call>{"a": "' * 20_000
    assert answer(text[: LIMIT * 3]).content == (Text(text[: LIMIT * 3]),)


def test_a_value_full_of_closing_tags_costs_little() -> None:
    text = '<invoke name="look"><parameter name="path">' + "</invoke>" * (MOST_CLOSINGS * 20)
    assert answer(text).content == (Text(text),)


def test_white_space_at_the_beginning_is_not_waited_for_without_end() -> None:
    calls = TextCalls(OFFERED, "seed")
    begin, block, first, *_ = stream([" " * (LONGEST_BLANK + 1)])
    calls.feed(begin)
    calls.feed(block)
    assert calls.feed(first)[-1] == first
