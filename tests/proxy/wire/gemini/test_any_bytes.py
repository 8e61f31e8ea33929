"""Whatever bytes come, nothing but the typed failure comes out."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw

from proxy.wire.canonical import Conversation, Failed, Finish
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.gemini.openapi import from_openapi, to_openapi
from proxy.wire.gemini.read_answer import read_answer
from proxy.wire.gemini.read_request import read_request
from proxy.wire.gemini.read_stream import stream_reader
from proxy.wire.gemini.write_request import write_request
from proxy.wire.target import Expecting, Target
from tests.proxy.wire.strategies import chunkings, json_values

_WORDS = """
contents role parts text thought thoughtSignature functionCall functionResponse name args response
inlineData mimeType data fileData fileUri tools functionDeclarations parameters parametersJsonSchema
toolConfig functionCallingConfig mode allowedFunctionNames generationConfig thinkingConfig
thinkingBudget responseSchema systemInstruction candidates content finishReason groundingMetadata
groundingChunks promptFeedback blockReason error usageMetadata user model STOP OTHER ANY index
output
"""
WORDS = st.sampled_from(_WORDS.split())
_KEYWORDS = """
type properties items anyOf oneOf allOf $ref #/$defs/a $defs a enum const nullable format required
STRING object null minItems exclusiveMinimum
"""
KEYWORDS = st.sampled_from(_KEYWORDS.split())


def near(words: st.SearchStrategy[str]) -> st.SearchStrategy[bytes]:
    return st.recursive(
        words | json_values | st.floats(allow_nan=False, allow_infinity=False),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=6),
        max_leaves=20,
    ).map(lambda value: json.dumps(value).encode())


bodies = st.binary(max_size=60) | near(WORDS)
contents = st.lists(
    st.fixed_dictionaries(
        {
            "role": st.sampled_from(["user", "model"]),
            "parts": st.lists(near(WORDS).map(json.loads), max_size=3),
        }
    ),
    max_size=4,
)


@given(bodies | contents.map(lambda turns: json.dumps({"contents": turns}).encode()))
def test_any_request_is_read_and_written_or_refused(body: bytes) -> None:
    try:
        conversation = read_request(body)
    except Failure as failure:
        assert failure.kind is FailureKind.BAD_REQUEST  # noqa: PT017 -- that nothing else is raised is the point
        return
    written = write_request(conversation, Target(model="m"))
    assert isinstance(read_request(written.body), Conversation)


@given(bodies)
def test_any_answer_is_read_or_is_a_failure(body: bytes) -> None:
    try:
        assert read_answer(body, Expecting()).stop
    except Failure as failure:
        assert failure.sentence  # noqa: PT017 -- the same


@given(st.lists(bodies | bodies.map(lambda body: b"data: " + body + b"\n\n"), max_size=4), st.data())
def test_any_stream_ends_once_and_the_same_in_any_pieces(pieces: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(pieces)
    whole = stream_reader(Expecting())
    expected = [*whole.feed(stream), *whole.end()]
    assert sum(isinstance(event, Finish | Failed) for event in expected) == 1
    assert isinstance(expected[-1], Finish | Failed)
    reader = stream_reader(Expecting())
    events = [event for chunk in data.draw(chunkings(stream)) for event in reader.feed(chunk)]
    assert [*events, *reader.end()] == expected


def test_references_that_multiply_are_given_up() -> None:
    defs = {
        f"d{n}": {"properties": {key: {"$ref": f"#/$defs/d{n + 1}"} for key in "abcd"}} for n in range(20)
    }
    schema = Raw(json.dumps({"$ref": "#/$defs/d0", "$defs": defs}).encode())
    assert len(bytes(to_openapi(schema))) < 1_000_000


@given(near(KEYWORDS))
def test_any_schema_is_translated(schema: bytes) -> None:
    assert isinstance(json.loads(bytes(to_openapi(Raw(schema)))), dict)
    assert bytes(from_openapi(Raw(schema)))


@pytest.mark.parametrize("opening", [b"{", b"[{", b'data: {"a":', b'{"error":"'])
def test_a_stream_that_never_ends_is_given_up(opening: bytes) -> None:
    reader = stream_reader(Expecting())
    piece = b"x" * (1 << 20)
    events = [event for chunk in (opening, *[piece] * 70) for event in reader.feed(chunk)]
    assert len(events) == 1
    assert isinstance(events[0], Failed)
    assert events[0].failure.kind is FailureKind.BAD_ANSWER
