"""`tierwise quota`: a table for people, JSON for programs, and a hint where nothing runs."""

import contextlib
import http.server
import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app import cli
from app.commands.context import Context
from app.commands.quota import page_of
from app.ending import End
from app.home import Home
from app.instance import Instance, InstanceLock

NOW = 1_000_000.0


class NoDesktop:
    """This command needs none."""

    def run(self, context: Context, end: End) -> int:
        raise AssertionError

    def tell(self, sentence: str, end: End) -> None:
        raise AssertionError


def window(**told: object) -> dict[str, Any]:
    unknown = {"used_percent": None, "limit": None, "remaining": None, "resets_at": None}
    plain = {"name": "w", "kind": "limit", "key": "keyring", "model": "", "unit": "", **unknown}
    return {**plain, **told}


def provider(name: str, *windows: dict[str, Any], detail: str | None = None) -> dict[str, Any]:
    return {"provider": name, "windows": list(windows), "detail": detail}


def test_the_table_says_what_is_known_and_what_is_not() -> None:
    page = page_of(
        [
            provider(
                "sub",
                window(name="unified 5h", used_percent=99.7, unit="percent", resets_at=NOW + 7260),
                window(name="unified 7d"),
            ),
            provider(
                "groq",
                window(
                    name="tokens",
                    model="m",
                    used_percent=0.0,
                    remaining=17997.0,
                    unit="tokens",
                    resets_at=NOW + 7.6,
                ),
            ),
            provider("d", window(name="balance", kind="resource", remaining=3.5, unit="usd")),
            provider("a", detail="The provider a refuses its key."),
        ],
        NOW,
    )
    assert page.splitlines() == [
        "provider  window      used     remaining      resets in",
        "sub       unified 5h  99 %     unknown        2 h 1 min",
        "sub       unified 7d  unknown  unknown        unknown",
        "groq      tokens (m)  0 %      17,997 tokens  8 s",
        "d         balance     unknown  3.50 usd       never by itself",
        "a         unknown     unknown  unknown        unknown",
        "a: The provider a refuses its key.",
    ]


def test_the_keys_of_one_provider_are_told_apart() -> None:
    page = page_of([provider("p", window(key="keyring:a"), window(key="keyring:b"))], NOW)
    assert [line.split("  ")[0] for line in page.splitlines()[1:]] == ["p (keyring:a)", "p (keyring:b)"]


def test_without_providers_a_sentence_says_so() -> None:
    assert page_of([], NOW) == "No provider is configured and enabled."


def test_where_nothing_runs_it_says_how_to_start_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["--home", str(tmp_path), "quota"], NoDesktop()) == 1
    assert "`tierwise serve` starts it" in capsys.readouterr().err
    assert cli.run(["--home", str(tmp_path), "quota", "--json"], NoDesktop()) == 1
    assert json.loads(capsys.readouterr().out)["error"]["type"] == "not_running"


@contextlib.contextmanager
def running(home: Home, answer: dict[str, Any]) -> Iterator[list[str]]:
    """Something that holds the lock of this home and gives one answer; the paths it was asked for."""
    paths: list[str] = []

    class Answers(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            assert self.headers["x-tierwise-token"] == "t"
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the name it is called by
            """Nobody reads it."""

    with http.server.HTTPServer(("127.0.0.1", 0), Answers) as server, InstanceLock(home) as lock:
        lock.announce(Instance(os.getpid(), f"http://127.0.0.1:{server.server_port}", "t", "v"))
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield paths
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("flags", "path"), [([], "/api/quota"), (["--refresh"], "/api/quota?refresh=1")], ids=["kept", "fresh"]
)
def test_a_running_one_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], flags: list[str], path: str
) -> None:
    answer = {"providers": [provider("p", window(name="credits", kind="resource", remaining=0.0))]}
    with running(Home(tmp_path), answer) as paths:
        assert cli.run(["--home", str(tmp_path), "quota", *flags], NoDesktop()) == 0
        assert "credits" in capsys.readouterr().out
        assert cli.run(["--home", str(tmp_path), "quota", "--json", *flags], NoDesktop()) == 0
        assert json.loads(capsys.readouterr().out) == answer
    assert paths == [path, path]
