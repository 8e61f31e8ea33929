"""Recording again gives the recordings there are."""

from pathlib import Path

import pytest

from tests.llama.fixtures import need_llama
from tests.llama.recording import Recording, normalised, read, recorded, write
from tools.record_llama import recorded_now


@pytest.mark.parametrize(
    "name", ["props", "chat_plain_again", "chat_parallel_stream", "responses_think_stream", "guarded_chat"]
)
def test_recording_again_gives_the_same_file(name: str) -> None:
    need_llama()
    assert recorded_now(name) == recorded(name)


def test_a_recording_is_read_as_it_was_written(tmp_path: Path) -> None:
    recording = Recording(
        "POST", "/v1/x", b'{"a": 1}', 200, "text/event-stream", b"data: 1\r\n\r\n\ndata: 2\n\n"
    )
    write(tmp_path / "one.http", recording)
    assert read(tmp_path / "one.http") == recording


def test_ids_are_numbered_so_that_the_same_stay_the_same() -> None:
    one, other = b"a" * 31 + b"1", b"b" * 31 + b"2"
    body = b'{"id":"chatcmpl-%s","call_id":"%s","item_id":"fc_%s"}' % (one, other, one)
    first, second = b"%032d" % 1, b"%032d" % 2
    expected = b'{"id":"chatcmpl-%s","call_id":"%s","item_id":"fc_%s"}' % (first, second, first)
    assert normalised(body, Path("/x/tiny.gguf")) == expected
