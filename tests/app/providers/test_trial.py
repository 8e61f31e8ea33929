"""What `tierwise providers test` says, in words and as JSON, where no Tierwise runs in that home."""

import json
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app import cli, speech
from app.commands.context import Context
from app.ending import End
from tests.fakes import faults
from tests.fakes.script import Asked, Call, Step, Turn
from tests.fakes.server import FakeLlm, running_fake

CANARY = "sk-canary-4711"
Run = Callable[..., tuple[int, str, str]]


class NoDesktop:
    """This command needs none."""

    def run(self, context: Context, end: End) -> int:
        raise AssertionError

    def tell(self, sentence: str, end: End) -> None:
        raise AssertionError


def able(asked: Asked) -> Step:
    return Turn(calls=(Call("ping", {"text": "OK"}),)) if asked.tools else Turn("OK")


def talks(asked: Asked) -> Step:
    return Turn("I would rather talk.") if asked.tools else Turn("OK")


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> tuple[int, str, str]:
        code = cli.run(["--home", str(tmp_path), "providers", "test", *arguments], NoDesktop())
        spoken = capsys.readouterr()
        assert CANARY not in spoken.out + spoken.err
        return code, spoken.out, spoken.err

    return run


def configure(home: Path, fake: FakeLlm, key: str = "none", more: str = "") -> None:
    (home / "config.toml").write_text(
        f'[providers.p]\nkind = "openai-compatible"\nbase_url = "{fake.base_url}"\nkey = "{key}"\n{more}'
    )


def test_what_works_is_told_line_by_line_with_what_it_took(tmp_path: Path, run: Run) -> None:
    with running_fake("openai_chat", able, models=["m"]) as fake:
        configure(tmp_path, fake)
        code, out, err = run("p")
    assert (code, err) == (0, "")
    models, answer, tools, vision = out.splitlines()
    assert models.startswith("models        works  1 model is listed. (")
    assert answer.startswith("answer        works  p/m answers and streams; its first word came after ")
    assert tools.startswith("tools         works  p/m calls tools. (")
    assert vision == "vision        -      Not tried: the model is not known to read images."
    assert answer.endswith(" s)")


def test_programs_get_all_of_it_at_once(tmp_path: Path, run: Run) -> None:
    with running_fake("openai_chat", able, models=["m"]) as fake:
        configure(tmp_path, fake)
        code, out, err = run("p", "--json")
    answer: dict[str, Any] = json.loads(out)
    assert (code, err) == (0, "")
    assert (answer["provider"], answer["works"]) == ("p", True)
    assert [(step["step"], step["ok"]) for step in answer["steps"]] == [
        ("models", True),
        ("answer", True),
        ("tools", True),
        ("vision", None),
    ]
    assert set(answer["steps"][0]) == {"step", "ok", "text", "seconds"}


@pytest.mark.parametrize("flags", [(), ("--json",)], ids=["words", "json"])
def test_what_does_not_work_is_exit_code_1(tmp_path: Path, run: Run, flags: tuple[str, ...]) -> None:
    with running_fake("openai_chat", talks, models=["m"]) as fake:
        configure(tmp_path, fake)
        code, out, err = run("p", *flags)
    assert (code, err) == (1, "")
    if flags:
        answer = json.loads(out)
        assert answer["works"] is False
        assert [step["ok"] for step in answer["steps"]] == [True, True, False, None]
    else:
        assert "\ntools         FAILS  p/m was to call a tool and did not. (" in out


def test_a_key_that_is_refused_is_told_in_plain_words(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIERWISE_TEST_KEY", CANARY)
    with running_fake("openai_chat", able, key="another") as fake:
        configure(tmp_path, fake, "env:TIERWISE_TEST_KEY")
        code, out, _ = run("p")
        assert not fake.asked
    assert code == 1
    assert out.startswith("models        FAILS  The provider p refuses its key: invalid api key")
    assert len(out.splitlines()) == 1


def test_a_key_from_the_environment_is_used(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIERWISE_TEST_KEY", CANARY)
    with running_fake("openai_chat", able, key=CANARY) as fake:
        configure(tmp_path, fake, "env:TIERWISE_TEST_KEY")
        assert run("p")[0] == 0


def test_a_variable_that_is_not_set_is_told(tmp_path: Path, run: Run) -> None:
    with running_fake("openai_chat", able) as fake:
        configure(tmp_path, fake, "env:TIERWISE_TEST_KEY_THAT_IS_NOT_SET")
        code, out, _ = run("p")
    assert code == 1
    assert "TIERWISE_TEST_KEY_THAT_IS_NOT_SET is not set" in out


def test_another_model_can_be_named(tmp_path: Path, run: Run) -> None:
    with running_fake("openai_chat", able) as fake:
        configure(tmp_path, fake, more='[tiers.COMPLEX]\nservices = [{provider = "p", model = "usual"}]\n')
        assert run("p")[0] == 0
        assert {asked.model for asked in fake.asked} == {"usual"}
        fake.asked.clear()
        assert run("p", "--model", "vendor/other:free")[0] == 0
        assert {asked.model for asked in fake.asked} == {"vendor/other:free"}


def test_a_failure_in_the_provider_is_told_in_its_words(tmp_path: Path, run: Run) -> None:
    with running_fake("openai_chat", faults.status(402, "Your balance is too low."), models=["m"]) as fake:
        configure(tmp_path, fake)
        code, out, _ = run("p")
    assert code == 1
    assert "\nanswer        FAILS  " in out
    assert "Your balance is too low." in out


@pytest.mark.parametrize("flags", [(), ("--json",)], ids=["words", "json"])
def test_a_provider_that_does_not_exist_is_an_error(run: Run, flags: tuple[str, ...]) -> None:
    code, out, err = run("nobody", *flags)
    assert code == 1
    if flags:
        assert err == ""
        assert json.loads(out)["error"] == {"type": "trial", "message": 'No provider is called "nobody".'}
    else:
        assert (out, err.count("\n")) == ("", 1)
        assert 'No provider is called "nobody".' in err


def test_a_configuration_that_cannot_be_read_is_an_error(tmp_path: Path, run: Run) -> None:
    (tmp_path / "config.toml").write_text("[providers.p\n")
    code, out, err = run("p")
    assert (code, out) == (2, "")
    assert "config.toml" in err


def test_a_name_is_needed(run: Run) -> None:
    code, _, err = run()
    assert code == 2
    assert "NAME" in err


def test_each_step_is_shown_before_the_next_is_tried(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[tuple[str, int]] = []
    with running_fake("openai_chat", able, models=["m"]) as fake:
        configure(tmp_path, fake)
        monkeypatch.setattr(speech, "answer", lambda line: shown.append((line.split()[0], len(fake.asked))))
        assert run("p")[0] == 0
    assert shown == [("models", 0), ("answer", 1), ("tools", 2), ("vision", 2)]


def test_ctrl_c_ends_it_and_hangs_up(tmp_path: Path, run: Run) -> None:
    """Whoever stops it does not pay for what would still be written."""
    main = threading.main_thread().ident
    assert main is not None

    def script(_asked: Asked) -> Step:
        signal.pthread_kill(main, signal.SIGINT)
        return faults.hang_before_headers()

    with running_fake("openai_chat", script, models=["m"]) as fake:
        configure(tmp_path, fake)
        code, out, err = run("p")
    assert (code, err) == (130, "")
    assert out.startswith("models        works")
    assert len(out.splitlines()) == 1
    assert len(fake.asked) == 1
