"""Conversations, answers and chunkings, made up by hypothesis.

The conversations are ones a careful client could send: calls are answered, names and ids are valid
everywhere, texts hold something. What a format cannot carry is its own `carries.py` to tell.
"""

import itertools
import json
from typing import Any

from hypothesis import strategies as st
from msgspec import Raw

from proxy.wire.canonical import (
    Answer,
    Block,
    Choice,
    ChoiceMode,
    Conversation,
    Data,
    Document,
    Image,
    Message,
    Output,
    OutputKind,
    Reasoning,
    RedactedThinking,
    Refusal,
    Role,
    Stop,
    StopReason,
    Text,
    Thinking,
    Tool,
    ToolCall,
    ToolRef,
    ToolResult,
    Url,
    Usage,
)
from proxy.wire.format import Format

names = st.from_regex(r"[a-z][a-zA-Z0-9_]{0,20}", fullmatch=True)
ids = st.from_regex(r"call_[a-zA-Z0-9]{6,20}", fullmatch=True)
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60).map(lambda t: f"a{t}z")
signatures = st.from_regex(r"[a-zA-Z0-9+/]{8,40}", fullmatch=True)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
arguments = st.dictionaries(names, json_values, max_size=3).map(json.dumps)
base64_data = st.sampled_from(["iVBORw0KGgo=", "AAAA", "R0lGODlhAQABAAAAACw="])

images = st.builds(
    Image,
    st.builds(Data, st.sampled_from(["image/png", "image/jpeg", "image/webp", "image/gif"]), base64_data)
    | st.builds(Url, st.just("https://example.test/picture.png")),
)
documents = st.builds(
    Document,
    st.builds(Data, st.just("application/pdf"), base64_data),
    name=st.sampled_from(["report.pdf", "notes.pdf"]),
)
said = st.builds(Text, texts)
thought = st.builds(Thinking, texts, signatures) | st.builds(RedactedThinking, signatures)


def _schema(draw: st.DrawFn) -> Raw:
    properties = {name: {"type": "string"} for name in draw(st.lists(names, max_size=3))}
    extras: dict[str, Any] = draw(
        st.sampled_from(
            [
                {},
                {"additionalProperties": False},
                {"$defs": {"x": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/x"}]}}},
                {"required": list(properties)},
            ]
        )
    )
    return Raw(json.dumps({"type": "object", "properties": properties, **extras}).encode())


schemas = st.composite(_schema)()


@st.composite
def tools(draw: st.DrawFn) -> tuple[Tool, ...]:
    """Functions with distinct names."""
    chosen = draw(st.lists(names, max_size=4, unique=True))
    return tuple(Tool(name, description=draw(texts), schema=draw(schemas)) for name in chosen)


@st.composite
def _turn(draw: st.DrawFn, offered: tuple[Tool, ...], call_ids: list[str]) -> list[Message]:
    """One of the user's messages and what follows it until the next."""
    user: list[Block] = draw(st.lists(said | images | documents, min_size=1, max_size=3))
    messages = [Message(Role.USER, tuple(user))]
    rounds = draw(st.integers(0, 2)) if offered else 0
    for _ in range(rounds):
        count = min(draw(st.integers(1, 3)), len(call_ids))
        calls = [
            ToolCall(call_ids.pop(), draw(st.sampled_from(offered)).name, draw(arguments))
            for _ in range(count)
        ]
        if not calls:
            break
        before: list[Block] = [*draw(st.lists(thought, max_size=1)), *draw(st.lists(said, max_size=1))]
        messages.append(Message(Role.ASSISTANT, (*before, *calls)))
        results = tuple(
            ToolResult(
                call.id, tuple(draw(st.lists(said | images, min_size=1, max_size=2))), draw(st.booleans())
            )
            for call in calls
        )
        messages.append(Message(Role.USER, results))
    messages.append(Message(Role.ASSISTANT, (draw(said),)))
    if draw(st.integers(0, 5)) == 0:
        messages.append(Message(draw(st.sampled_from([Role.SYSTEM, Role.DEVELOPER])), (draw(said),)))
    return messages


@st.composite
def conversations(draw: st.DrawFn, format_: Format | None = None) -> Conversation:
    """A conversation that ends with the user's words, of the given format or of any."""
    offered = draw(tools())
    call_ids = draw(st.lists(ids, min_size=8, max_size=8, unique=True))
    messages: list[Message] = []
    for _ in range(draw(st.integers(0, 2))):
        messages += draw(_turn(offered, call_ids))
    messages.append(Message(Role.USER, (draw(said),)))
    return Conversation(
        format=format_ or draw(st.sampled_from(list(Format))),
        model="asked-for",
        system=tuple(draw(st.lists(said, max_size=2))),
        messages=tuple(messages),
        tools=offered,
        choice=draw(_choices(offered)),
        parallel_calls=draw(st.sampled_from([None, False])) if offered else None,
        max_tokens=draw(st.sampled_from([None, 1, 4096])),
        temperature=draw(st.sampled_from([None, 0.0, 0.5, 1.0])),
        top_p=draw(st.sampled_from([None, 0.25])),
        top_k=draw(st.sampled_from([None, 40])),
        frequency_penalty=draw(st.sampled_from([None, 0.5])),
        presence_penalty=draw(st.sampled_from([None, -0.5])),
        seed=draw(st.sampled_from([None, 7])),
        stop=tuple(draw(st.lists(st.sampled_from(["END", "\n\n"]), max_size=2, unique=True))),
        reasoning=draw(st.sampled_from([None, Reasoning(effort="low"), Reasoning(enabled=False)])),
        output=draw(st.sampled_from(_OUTPUTS)),
        verbosity=draw(st.sampled_from([None, "low"])),
        stream=draw(st.booleans()),
        user=draw(st.sampled_from([None, "someone"])),
        cache_key=draw(st.sampled_from([None, "session-1"])),
    )


_OUTPUTS = [
    None,
    Output(OutputKind.JSON),
    Output(OutputKind.SCHEMA, schema=Raw(b'{"type": "object"}'), name="answer", strict=True),
]


def _choices(offered: tuple[Tool, ...]) -> st.SearchStrategy[Choice | None]:
    if not offered:
        return st.none()
    one = st.sampled_from(offered).map(lambda tool: Choice(ChoiceMode.TOOL, (ToolRef(tool.name),)))
    plain = st.sampled_from([None, Choice(ChoiceMode.AUTO), Choice(ChoiceMode.ANY), Choice(ChoiceMode.NONE)])
    return plain | one


@st.composite
def answers(draw: st.DrawFn, format_: Format | None = None) -> Answer:
    """A whole answer: thinking, text or a refusal, then calls."""
    content: list[Block] = [*draw(st.lists(thought, max_size=1)), *draw(st.lists(said, max_size=1))]
    call_ids = draw(st.lists(ids, max_size=3, unique=True))
    content += [ToolCall(id_, draw(names), draw(arguments)) for id_ in call_ids]
    if not content:
        content.append(draw(said | st.builds(Refusal, texts)))
    reason = draw(st.sampled_from([StopReason.END_TURN, StopReason.MAX_TOKENS]))
    counts = st.integers(0, 10**6)
    known = st.builds(
        Usage, input=counts, cache_read=st.none() | counts, output=counts, reasoning=st.none() | st.just(0)
    )
    return Answer(
        format=format_ or draw(st.sampled_from(list(Format))),
        id="answer_1",
        model="served",
        content=tuple(content),
        stop=Stop(reason).given(content),
        usage=draw(known),
    )


@st.composite
def chunkings(draw: st.DrawFn, data: bytes) -> list[bytes]:
    """The same bytes, in other pieces."""
    cuts = sorted(draw(st.lists(st.integers(0, len(data)), max_size=12)))
    edges = [0, *cuts, len(data)]
    return [data[start:end] for start, end in itertools.pairwise(edges)]
