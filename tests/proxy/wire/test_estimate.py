"""About how many tokens a request is, part by part."""

import base64
import json
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.wire.estimate import estimate_tokens
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format
from proxy.wire.picture import is_picture, size_of

PROSE = (
    "The quick brown fox jumps over the lazy dog, and nobody in the village could remember when it had "
    "last been so cold in the middle of April. She closed the door quietly and went back to her book. "
) * 20
CODE = (
    "def total(items: list[Item], *, rate: float = 1.0) -> float:\n"
    "    if not items:\n        return 0.0\n"
    "    return sum(item.price * rate for item in items if item.is_sold)\n\n\n"
) * 20
CHINESE = "敏捷的棕色狐狸跳过了懒狗。我们需要更多的测试数据来校准估计值。" * 40
RUSSIAN = "Быстрая коричневая лиса перепрыгивает через ленивую собаку. " * 40


def png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height) + bytes(3000)


def gif(width: int, height: int) -> bytes:
    return b"GIF89a" + struct.pack("<HH", width, height) + bytes(100)


def jpeg(width: int, height: int) -> bytes:
    exif = b"\xff\xe1" + struct.pack(">H", 40_000) + bytes(39_998)
    return b"\xff\xd8" + exif + b"\xff\xff\xc2" + struct.pack(">HBHH", 17, 8, height, width) + bytes(50)


def webp(width: int, height: int) -> bytes:
    return (
        b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\x30\x01\x00\x9d\x01\x2a"
        + struct.pack("<HH", width, height)
        + bytes(30)
    )


def webp_lossless(width: int, height: int) -> bytes:
    bits = (width - 1) | (height - 1) << 14
    return b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f" + struct.pack("<I", bits) + bytes(30)


def webp_extended(width: int, height: int) -> bytes:
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF\0\0\0\0WEBPVP8X" + struct.pack("<II", 10, 0) + sides + bytes(30)


PICTURES = [png, gif, jpeg, webp, webp_lossless, webp_extended]


def text_of(data: bytes) -> str:
    return base64.b64encode(data).decode()


def estimated(body: dict[str, Any], speaks: Format = Format.ANTHROPIC, ensure_ascii: bool = False) -> int:
    return estimate_tokens(json.dumps(body, ensure_ascii=ensure_ascii).encode(), speaks)


def asking(content: Any) -> dict[str, Any]:
    return {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": content}]}


EMPTY = estimated(asking(""))


def anthropic_file(media_type: str, data: bytes) -> list[dict[str, Any]]:
    kind = "image" if media_type.startswith("image/") else "document"
    source = {"type": "base64", "media_type": media_type, "data": text_of(data)}
    return [{"type": kind, "source": source}]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        (PROSE, len(PROSE) / 4.4),
        (CODE, len(CODE) / 3.3),
        (CHINESE, len(CHINESE) * 1.0),
        (RUSSIAN, len(RUSSIAN) / 2.0),
    ],
)
def test_text_is_estimated_at_what_it_costs_or_a_little_more(text: str, tokens: float) -> None:
    assert 0.95 * tokens < estimated(asking(text)) - EMPTY < 1.3 * tokens


@pytest.mark.parametrize("text", [CHINESE, RUSSIAN])
def test_escaped_characters_do_not_cost_twice_as_much(text: str) -> None:
    plain, escaped = estimated(asking(text)), estimated(asking(text), ensure_ascii=True)
    assert 0.9 * plain < escaped < 2 * plain


@pytest.mark.parametrize(
    ("speaks", "body"),
    [
        (Format.ANTHROPIC, {"messages": [], "system": PROSE}),
        (Format.ANTHROPIC, {"messages": [], "system": [{"type": "text", "text": PROSE}]}),
        (
            Format.ANTHROPIC,
            {"messages": [], "tools": [{"name": "t", "description": PROSE, "input_schema": {}}]},
        ),
        (Format.ANTHROPIC, asking(PROSE)),
        (Format.ANTHROPIC, asking([{"type": "tool_result", "tool_use_id": "t", "content": PROSE}])),
        (Format.ANTHROPIC, asking([{"type": "tool_use", "id": "t", "name": "n", "input": {"data": PROSE}}])),
        (
            Format.ANTHROPIC,
            asking(
                [{"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": PROSE}}]
            ),
        ),
        (Format.OPENAI_CHAT, asking(PROSE)),
        (
            Format.OPENAI_CHAT,
            {"messages": [], "tools": [{"type": "function", "function": {"description": PROSE}}]},
        ),
        (Format.RESPONSES, {"input": PROSE}),
        (Format.RESPONSES, {"instructions": PROSE}),
        (Format.RESPONSES, {"input": [{"type": "function_call_output", "call_id": "c", "output": PROSE}]}),
        (Format.GEMINI, {"contents": [{"role": "user", "parts": [{"text": PROSE}]}]}),
        (Format.GEMINI, {"systemInstruction": {"parts": [{"text": PROSE}]}}),
        (Format.GEMINI, {"generateContentRequest": {"contents": [{"parts": [{"text": PROSE}]}]}}),
    ],
)
def test_every_place_for_text_counts(speaks: Format, body: dict[str, Any]) -> None:
    assert estimated(body, speaks) >= len(PROSE) / 4.4


def test_what_the_model_does_not_read_costs_nothing() -> None:
    assert estimated({**asking("hi"), "metadata": {"user_id": PROSE}}) == estimated(asking("hi"))


@pytest.mark.parametrize("make", PICTURES)
@pytest.mark.parametrize("size", [(1000, 750), (512, 512), (1, 16_000)])
def test_the_size_of_a_picture_is_read(make: Any, size: tuple[int, int]) -> None:
    assert is_picture(make(*size))
    assert size_of(make(*size)) == size


@given(st.sampled_from([b"", *(make(300, 200)[:40] for make in PICTURES)]), st.binary(max_size=60))
def test_no_bytes_upset_the_reading_of_a_size(head: bytes, rest: bytes) -> None:
    size = size_of(head + rest)
    assert size is None or min(size) > 0


@pytest.mark.parametrize("make", PICTURES)
def test_a_picture_costs_by_its_pixels_and_not_by_its_bytes(make: Any) -> None:
    picture = make(1000, 750)
    told = [
        estimated(asking(anthropic_file("image/x", picture))) - EMPTY,
        estimated(
            asking([{"type": "image_url", "image_url": {"url": f"data:image/x;base64,{text_of(picture)}"}}]),
            Format.OPENAI_CHAT,
        )
        - EMPTY,
        estimated(
            {"input": [{"type": "input_image", "image_url": f"data:image/x;base64,{text_of(picture)}"}]},
            Format.RESPONSES,
        ),
        estimated(
            {"contents": [{"parts": [{"inlineData": {"mimeType": "image/x", "data": text_of(picture)}}]}]},
            Format.GEMINI,
        ),
    ]
    assert all(1000 <= tokens < 1070 for tokens in told), told


@pytest.mark.parametrize(
    ("size", "tokens"), [((10, 10), 258), ((3840, 2160), 4784), ((0, 5), 1600), ((1500, 1000), 2000)]
)
def test_a_picture_has_a_least_and_a_most(size: tuple[int, int], tokens: int) -> None:
    found = estimated(asking(anthropic_file("image/png", png(*size)))) - EMPTY
    assert tokens <= found < tokens + 70


def test_a_picture_in_a_tool_result_is_one() -> None:
    result = {
        "type": "tool_result",
        "tool_use_id": "t",
        "content": anthropic_file("image/png", png(1000, 750)),
    }
    assert 1000 <= estimated(asking([result])) - EMPTY < 1100


@pytest.mark.parametrize(
    ("speaks", "body"),
    [
        (Format.ANTHROPIC, asking([{"type": "image", "source": {"type": "url", "url": "https://x/y.png"}}])),
        (Format.ANTHROPIC, asking([{"type": "document", "source": {"type": "file", "file_id": "file_1"}}])),
        (Format.OPENAI_CHAT, asking([{"type": "image_url", "image_url": {"url": "https://x/y.png"}}])),
        (Format.RESPONSES, {"input": [{"type": "input_image", "image_url": "https://x/y.png"}]}),
        (
            Format.GEMINI,
            {"contents": [{"parts": [{"fileData": {"fileUri": "https://x/y", "mimeType": "a/b"}}]}]},
        ),
    ],
)
def test_what_is_only_linked_to_is_taken_for_a_picture(speaks: Format, body: dict[str, Any]) -> None:
    assert 1600 <= estimated(body, speaks) < 1700


@pytest.mark.parametrize(
    ("media_type", "data", "least", "most"),
    [
        ("application/pdf", b"%PDF-1.7\n" + bytes(120_000), 10_000, 10_200),
        ("application/pdf", b"%PDF-1.7\n" + bytes(100), 1000, 1200),
        ("audio/wav", b"RIFF\0\0\0\0WAVE" + bytes(800_000), 2000, 2200),
        ("text/csv", b"a,b,c\n1,2,3\n" * 1000, 4000, 4200),
    ],
)
def test_a_file_costs_by_its_bytes(media_type: str, data: bytes, least: int, most: int) -> None:
    assert least <= estimated(asking(anthropic_file(media_type, data))) - EMPTY < most


def test_sealed_thinking_costs_less_than_text() -> None:
    sealed = text_of(bytes(range(256)) * 100)
    thinking = {"type": "thinking", "thinking": "", "signature": sealed}
    assert len(sealed) / 6 < estimated(asking([thinking])) < len(sealed) / 4


def test_what_merely_talks_of_pictures_is_text() -> None:
    talk = (
        '{"type":"image_url"} and {"media_type":"image/png","data":"'
        + "A" * 4000
        + '"} and "data:a/b;base64,"'
    )
    assert estimated(asking(talk)) > 900
    escaped_twice = asking([{"type": "tool_use", "id": "t", "name": "n", "input": {"data": "A" * 4000}}])
    assert estimated(escaped_twice) > 900


def test_tools_bring_instructions_of_the_vendor() -> None:
    with_tools = {**asking("hi"), "tools": [{"name": "t", "input_schema": {}}]}
    assert 350 < estimated(with_tools) - estimated(asking("hi")) < 380
    assert estimated({**asking("hi"), "tools": []}) - estimated(asking("hi")) < 10


def test_the_ratio_scales_the_estimate() -> None:
    body = json.dumps(asking(PROSE)).encode()
    plain = estimate_tokens(body, Format.ANTHROPIC)
    assert estimate_tokens(body, Format.ANTHROPIC, ratio=1.5) == pytest.approx(1.5 * plain, abs=2)


@pytest.mark.parametrize(
    "messages", ['"messages": "hi"', '"messages": {}', '"messages": null', '"system": "hi"']
)
def test_messages_must_be_an_array(messages: str) -> None:
    with pytest.raises(Failure, match="messages") as caught:
        estimate_tokens(f"{{{messages}}}".encode(), Format.ANTHROPIC)
    assert caught.value.kind is FailureKind.BAD_REQUEST


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b'"x"'])
def test_what_is_no_object_is_a_bad_request(body: bytes) -> None:
    with pytest.raises(Failure) as caught:
        estimate_tokens(body, Format.GEMINI)
    assert caught.value.kind is FailureKind.BAD_REQUEST


JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=30) | st.sampled_from(["data:a/b;base64,", "A" * 40]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["data", "type", "signature", "fileData", "media_type"]) | st.text(max_size=5),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)


@given(JSON, st.sampled_from(list(Format)), st.booleans())
def test_every_object_has_an_estimate_within_its_size(
    content: object, speaks: Format, ensure_ascii: bool
) -> None:
    body = json.dumps(asking(content), ensure_ascii=ensure_ascii).encode("utf-8", "surrogatepass")
    linked = body.count(b"fileData") + body.count(b"data")
    assert 1 <= estimate_tokens(body, speaks) <= len(body) + 2000 * linked + 350


@given(st.text(max_size=300), st.text(max_size=300))
def test_more_text_is_never_fewer_tokens(text: str, more: str) -> None:
    assert estimated(asking(text + more)) >= estimated(asking(text))
