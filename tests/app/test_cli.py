"""What the flags mean, and what becomes of an error."""

import json
import signal
import sys
from pathlib import Path

import pytest

from app import cli
from app.commands.context import Context, WindowAtStart
from app.ending import End
from app.errors import UserError


class PretendedDesktop:
    """Remembers what it was asked for, and fails as told."""

    def __init__(self, error: UserError | None = None) -> None:
        self.contexts: list[Context] = []
        self.told: list[str] = []
        self._error = error

    def run(self, context: Context, end: End) -> int:
        self.contexts.append(context)
        if self._error is not None:
            raise self._error
        return 0

    def tell(self, sentence: str, end: End) -> None:
        self.told.append(sentence)


@pytest.mark.parametrize(
    ("flags", "window"),
    [
        ([], WindowAtStart.USEFUL),
        (["--show"], WindowAtStart.ASKED),
        (["--minimised"], WindowAtStart.MINIMISED),
        (["--minimised", "--show"], WindowAtStart.ASKED),
        (["--show", "--minimised"], WindowAtStart.MINIMISED),
    ],
)
def test_the_later_wish_for_the_window_holds(tmp_path: Path, flags: list[str], window: WindowAtStart) -> None:
    desktop = PretendedDesktop()
    assert cli.run(["--home", str(tmp_path), *flags], desktop) == 0
    assert [context.window for context in desktop.contexts] == [window]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nonsense"], "invalid choice: 'nonsense'"),
        (["serve", "--port", "99999"], "'99999' is not a port"),
        (["config"], "say which: check or path"),
        (["config", "check", "--what"], "unrecognized arguments: --what"),
        (["--home"], "argument --home"),
        (["--home", ""], "argument --home: the name of the folder is empty"),
        (["serve", "--home="], "argument --home: the name of the folder is empty"),
        (["--hom", "/somewhere"], "invalid choice: '/somewhere'"),
    ],
)
def test_wrong_usage_is_a_sentence_for_people_and_an_object_for_programs(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(arguments, PretendedDesktop()) == 2
    spoken = capsys.readouterr()
    assert spoken.out == ""
    assert spoken.err.startswith("usage: tierwise")
    assert words in spoken.err
    assert cli.run(["--json", *arguments], PretendedDesktop()) == 2
    spoken = capsys.readouterr()
    assert spoken.err == ""
    error = json.loads(spoken.out)["error"]
    assert error["type"] == "usage"
    assert words in error["message"]


def test_an_empty_variable_for_the_home_counts_as_unset(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("TIERWISE_HOME", raising=False)
    cli.run(["config", "path"], PretendedDesktop())
    usual = capsys.readouterr().out
    monkeypatch.setenv("TIERWISE_HOME", "")
    assert cli.run(["config", "path"], PretendedDesktop()) == 0
    assert capsys.readouterr().out == usual


def test_a_tray_that_cannot_start_says_so_on_stderr_and_in_a_dialog(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desktop = PretendedDesktop(UserError("It is broken. Mend it."))
    assert cli.run(["--home", str(tmp_path)], desktop) == 1
    assert desktop.told == ["It is broken. Mend it."]
    assert capsys.readouterr().err == "tierwise: It is broken. Mend it.\n"


def test_a_home_that_cannot_be_named_is_told_in_a_dialog_too(monkeypatch: pytest.MonkeyPatch) -> None:
    desktop = PretendedDesktop()
    monkeypatch.setenv("TIERWISE_HOME", "~nobody-of-that-name/x")
    assert cli.run([], desktop) == 1
    assert len(desktop.told) == 1


def test_a_dialog_is_not_repeated_nor_shown_to_a_check_nor_for_another_command(tmp_path: Path) -> None:
    was_read = UserError("You know.")
    was_read.was_read = True
    (tmp_path / "file").write_text("")
    for arguments, error in (
        ([], was_read),
        (["--smoke"], UserError("broken")),
        (["config", "check", "--home", str(tmp_path / "missing")], None),
        (["serve", "--home", str(tmp_path / "file")], None),
    ):
        desktop = PretendedDesktop(error)
        cli.run(["--home", str(tmp_path), *arguments], desktop)
        assert desktop.told == []


def test_without_streams_every_command_and_every_error_is_quiet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    home = ["--home", str(tmp_path)]
    assert cli.run([*home, "status"], PretendedDesktop()) == 1
    assert cli.run([*home, "stop"], PretendedDesktop()) == 0
    assert cli.run([*home, "nonsense"], PretendedDesktop()) == 2
    desktop = PretendedDesktop(UserError("broken"))
    assert cli.run(home, desktop) == 1
    assert desktop.told == ["broken"]


def test_a_start_that_was_wished_away_while_its_dialog_waited_has_ended_well(tmp_path: Path) -> None:
    class Wishing(PretendedDesktop):
        def tell(self, sentence: str, end: End) -> None:
            end._last_moment = lambda: None
            end.wish()

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    assert cli.run(["--home", str(tmp_path)], Wishing(UserError("broken"))) == 0
    for number, handler in before.items():
        signal.signal(number, handler)
