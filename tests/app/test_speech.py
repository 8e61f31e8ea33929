"""The program speaks where somebody listens, and is quiet where nobody does."""

import errno
import io
import json
import os
import sys

import pytest

from app import speech
from app.errors import UsageError, UserError
from app.speech import UnheardError


class Refusing(io.StringIO):
    """A stream that fails as files and pipes do."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number
        self.refused = 0

    def write(self, text: str) -> int:
        self.refused += 1
        raise OSError(self._number, os.strerror(self._number))


def test_a_windowed_program_has_no_streams_and_no_trouble(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    speech.answer("an answer")
    speech.remark("a remark")
    speech.report(UserError("broken"), as_json=True)
    speech.report(UserError("broken"), as_json=False)
    speech.fall_silent()
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("stream", [Refusing(errno.EPIPE), Refusing(errno.EINVAL)])
def test_a_reader_that_went_away_is_no_failure(stream: Refusing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setattr(sys, "stderr", stream)
    speech.answer("an answer")
    speech.remark("a remark")
    assert stream.refused == 2


def test_a_full_disk_has_lost_the_answer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdout", Refusing(errno.ENOSPC))
    with pytest.raises(UnheardError, match="No space left on device") as lost:
        speech.answer("an answer")
    speech.report(lost.value, as_json=True)
    assert "No space left on device" in capsys.readouterr().err


def test_people_see_how_it_is_called_and_programs_get_the_sentence_alone(
    capsys: pytest.CaptureFixture[str],
) -> None:
    error = UsageError("say which", usage="usage: tierwise config ACTION\n")
    speech.report(error, as_json=False)
    assert capsys.readouterr().err == "usage: tierwise config ACTION\ntierwise: say which\n"
    speech.report(error, as_json=True)
    spoken = capsys.readouterr()
    assert json.loads(spoken.out) == {"error": {"type": "usage", "message": "say which"}}
    assert spoken.err == ""
