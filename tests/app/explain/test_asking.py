"""From a file and flags to a question, and what is said of a file that holds none."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from app.errors import UsageError
from app.explain.asking import Flags, UnreadableRequestError, question

BODY = {"model": "auto", "messages": [{"role": "user", "content": "Hi"}]}


def written(folder: Path, content: Any) -> str:
    file = folder / "request.json"
    file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return str(file)


def test_a_body_by_itself_is_one_that_anybody_may_have_sent(tmp_path: Path) -> None:
    assert question(written(tmp_path, BODY), Flags()) == {"body": BODY}


def test_an_envelope_stays_as_it_is(tmp_path: Path) -> None:
    envelope = {"surface": "chat", "client": "codex", "headers": {"a": "b"}, "body": BODY}
    assert question(written(tmp_path, envelope), Flags()) == envelope
    assert question(written(tmp_path, {"id": "req_1"}), Flags()) == {"id": "req_1"}


def test_what_has_a_body_within_is_an_envelope_whatever_else_is_in_it(tmp_path: Path) -> None:
    envelope = {"body": BODY, "sruface": "chat"}
    assert question(written(tmp_path, envelope), Flags()) == envelope


def test_flags_count_more_than_the_file(tmp_path: Path) -> None:
    envelope = {"surface": "chat", "client": "codex", "headers": {"a": "b", "c": "d"}, "body": BODY}
    flags = Flags(client="sdk", surface="messages", headers=("a: x:y", "e:f"))
    assert question(written(tmp_path, envelope), flags) == {
        "surface": "messages",
        "client": "sdk",
        "headers": {"a": "x:y", "c": "d", "e": "f"},
        "body": BODY,
    }


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    assert question(written(tmp_path, b"\xef\xbb\xbf" + json.dumps(BODY).encode()), Flags())["body"] == BODY


def test_it_may_be_piped_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(BODY).encode())))
    assert question("-", Flags()) == {"body": BODY}


def test_an_id_needs_no_file() -> None:
    assert question(None, Flags(id="req_1")) == {"id": "req_1"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{\n  "model": auto\n}', "is not JSON: Expecting value (line 2, column 12)."),
        (b"", "is not JSON: Expecting value (line 1, column 1)."),
        (b"\xff\xfe", "is not UTF-8 (byte 0)."),
        (b"[1]", "holds no request: a JSON object is wanted."),
        (b"[" * 100_000, "is nested too deeply."),
    ],
    ids=["a word", "nothing", "latin", "a list", "deep"],
)
def test_what_is_no_request_is_told_with_its_place(tmp_path: Path, content: bytes, words: str) -> None:
    file = written(tmp_path, content)
    with pytest.raises(UnreadableRequestError) as raised:
        question(file, Flags())
    assert str(raised.value) == f"{file} {words}"


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableRequestError, match=r"nothing\.json cannot be read: No such file"):
        question(str(tmp_path / "nothing.json"), Flags())


@pytest.mark.parametrize(
    ("file", "flags", "words"),
    [
        (None, Flags(), "say which file"),
        ("-", Flags(id="req_1"), "either a file or"),
    ],
)
def test_wrong_usage_is_told(file: str | None, flags: Flags, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        question(file, flags)


@pytest.mark.parametrize("header", ["name", ":value", " : value"])
def test_a_header_has_a_name_and_a_value(tmp_path: Path, header: str) -> None:
    with pytest.raises(UsageError, match="NAME:VALUE is wanted"):
        question(written(tmp_path, BODY), Flags(headers=(header,)))
