"""`tierwise providers test` as a process, by itself and beside a running Tierwise, which then does it."""

import json
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.program import END_SECONDS, Program, program, run
from tests.fakes import faults
from tests.fakes.script import Asked, Call, Step, Turn
from tests.fakes.server import FakeLlm, running_fake

KEY = "sk-canary-4711"
VARIABLE = "TIERWISE_TEST_KEY"
TEST = ("providers", "test", "p")
CONFIG = """
[providers.p]
kind = "openai-compatible"
base_url = "{url}"
key = "env:{variable}"
"""
alone_and_beside = pytest.mark.parametrize("beside", [False, True], ids=["alone", "beside"])


def able(asked: Asked) -> Step:
    return Turn(calls=(Call("ping", {"text": "OK"}),)) if asked.tools else Turn("OK")


def talks(asked: Asked) -> Step:
    return Turn("I would rather talk.") if asked.tools else Turn("OK")


class Hanging:
    """A model that never answers, and tells that it is asked."""

    def __init__(self) -> None:
        self.is_asked = threading.Event()

    def __call__(self, asked: Asked) -> Step:
        self.is_asked.set()
        return faults.hang_before_headers()


@contextmanager
def configured(home: Path, fake: FakeLlm, *, beside: bool) -> Iterator[Program | None]:
    """The provider in a home, in which a Tierwise runs or does not."""
    (home / "config.toml").write_text(CONFIG.format(url=fake.base_url, variable=VARIABLE))
    if not beside:
        yield None
        return
    with program("serve", "--port", "0", home=home, **{VARIABLE: KEY}) as serving:
        serving.ready()
        yield serving


def tried(home: Path, *flags: str, beside: bool) -> tuple[int, str, str]:
    """Where another one does it, that one alone knows the key."""
    code, out, err = run(*TEST, *flags, home=home, **({} if beside else {VARIABLE: KEY}))
    assert KEY not in out + err
    return code, out, err


@alone_and_beside
def test_what_works_is_told_in_words_and_as_json(tmp_path: Path, beside: bool) -> None:
    with (
        running_fake("openai_chat", able, key=KEY, models=["m"]) as fake,
        configured(tmp_path, fake, beside=beside),
    ):
        code, out, err = tried(tmp_path, beside=beside)
        assert (code, err) == (0, "")
        assert [line.split()[:2] for line in out.splitlines()] == [
            ["models", "works"],
            ["answer", "works"],
            ["tools", "works"],
            ["vision", "-"],
        ]
        code, out, err = tried(tmp_path, "--json", "--model", "m", beside=beside)
        answer = json.loads(out)
        assert (code, err, answer["works"]) == (0, "", True)
        assert [step["ok"] for step in answer["steps"]] == [True, True, True, None]
        assert len(fake.asked) == 4


@alone_and_beside
def test_a_model_that_calls_no_tools_is_exit_code_1(tmp_path: Path, beside: bool) -> None:
    with (
        running_fake("openai_chat", talks, models=["m"]) as fake,
        configured(tmp_path, fake, beside=beside),
    ):
        code, out, err = tried(tmp_path, beside=beside)
        assert (code, err) == (1, "")
        assert "\ntools         FAILS  p/m was to call a tool and did not." in out
        code, out, _ = tried(tmp_path, "--json", beside=beside)
        assert (code, json.loads(out)["works"]) == (1, False)


@alone_and_beside
def test_a_key_that_is_refused_is_told_and_shown_nowhere(tmp_path: Path, beside: bool) -> None:
    with (
        running_fake("openai_chat", able, key="another", models=["m"]) as fake,
        configured(tmp_path, fake, beside=beside) as serving,
    ):
        code, out, err = tried(tmp_path, beside=beside)
        assert (code, err) == (1, "")
        assert out.startswith("models        FAILS  The provider p refuses its key: invalid api key")
        assert len(out.splitlines()) == 1
        code, out, _ = tried(tmp_path, "--json", beside=beside)
        assert (code, len(json.loads(out)["steps"])) == (1, 1)
        if serving is not None:
            assert serving.end(signal.SIGTERM)[0] == 0
            assert KEY not in serving.stderr
        assert not [
            file for file in tmp_path.rglob("*") if file.is_file() and KEY.encode() in file.read_bytes()
        ]


@alone_and_beside
def test_a_provider_that_nobody_configured_is_an_error(tmp_path: Path, beside: bool) -> None:
    with running_fake("openai_chat", able) as fake, configured(tmp_path, fake, beside=beside):
        code, out, err = run("providers", "test", "nobody/here", home=tmp_path)
        assert (code, out) == (1, "")
        assert 'No provider is called "nobody/here".' in err
        code, out, err = run("providers", "test", "nobody/here", "--json", home=tmp_path)
        assert (code, err) == (1, "")
        assert json.loads(out)["error"]["type"] == "trial"


@alone_and_beside
def test_ctrl_c_ends_it_and_the_request_that_is_under_way(tmp_path: Path, beside: bool) -> None:
    hanging = Hanging()
    with (
        running_fake("openai_chat", hanging, models=["m"]) as fake,
        configured(tmp_path, fake, beside=beside) as serving,
        program(*TEST, home=tmp_path, **{VARIABLE: KEY}) as testing,
    ):
        stdout = testing.process.stdout
        assert stdout is not None
        assert stdout.readline().startswith("models        works  1 model is listed.")
        assert hanging.is_asked.wait(END_SECONDS)
        assert testing.end(signal.SIGINT) == (130, "")
        assert testing.stderr == ""
        if serving is not None:
            assert "the client hung up" in serving.wait_for("chat -> p/m")
            assert serving.end(signal.SIGTERM)[0] == 0


def test_a_tierwise_that_ends_meanwhile_is_told(tmp_path: Path) -> None:
    hanging = Hanging()
    with (
        running_fake("openai_chat", hanging, models=["m"]) as fake,
        configured(tmp_path, fake, beside=True) as serving,
        program(*TEST, home=tmp_path) as testing,
    ):
        assert serving is not None
        stdout = testing.process.stdout
        assert stdout is not None
        assert stdout.readline().startswith("models        works")
        assert hanging.is_asked.wait(END_SECONDS)
        serving.process.send_signal(signal.SIGTERM)
        code, rest = testing.wait()
        assert code == 1
        assert "Traceback" not in testing.stderr
        assert "Tierwise is stopping" in rest or "does not answer" in testing.stderr
        assert serving.process.wait(END_SECONDS) == 0


def test_it_explains_itself() -> None:
    code, out, _ = run("providers", "test", "--help")
    assert code == 0
    for words in ("--json", "--model", "Exit code 1"):
        assert words in out
