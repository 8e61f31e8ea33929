"""`tierwise tiers` as a process: beside a running Tierwise, with a server and keys that it finds itself."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from tests.app.keyring.secret_service import needs_secret_service, secret_service
from tests.e2e.program import END_SECONDS, environment, program, run
from tests.e2e.terminal import at_terminal, read_until
from tests.e2e.test_keyring import assert_absent_below
from tests.fakes.local.ollama import FakeOllama
from tests.fakes.local.ollama_told import OllamaModel

CANARY = "canary-q7Rk2vN8sT4w"
ANTHROPICS = f"sk-ant-{CANARY}"
"""As its keys begin: others are not taken for one."""
NOBODY = {"OLLAMA_HOST": "http://127.0.0.1:1", "XDG_CONFIG_HOME": "", "XDG_DATA_HOME": ""}


def tables(home: Path) -> dict[str, Any]:
    return tomllib.loads((home / "config.toml").read_text())


def user_with_codex(folder: Path) -> Path:
    """A home with one client in it, whose key lies in a file."""
    (folder / ".codex").mkdir(parents=True)
    (folder / ".codex/auth.json").write_text(json.dumps({"OPENAI_API_KEY": CANARY}))
    return folder


async def test_an_ollama_is_found_proposed_written_and_taken_back(tmp_path: Path) -> None:
    home, user = tmp_path / "state", tmp_path / "user"
    user.mkdir()
    async with FakeOllama(models=[OllamaModel(name="qwen3:8b")]).running() as server:
        environ = {"HOME": str(user), "OLLAMA_HOST": server.url, "ANTHROPIC_API_KEY": ANTHROPICS}

        async def said(*arguments: str) -> dict[str, Any]:
            done = await asyncio.to_thread(run, "tiers", *arguments, "--json", home=home, **NOBODY | environ)
            assert (done[0], done[2]) == (0, "")
            answer: dict[str, Any] = json.loads(done[1])
            return answer

        assert (await said("propose"))["applied"] is False
        assert not (home / "config.toml").exists()
        assert (await said("propose", "--yes"))["applied"] is True
        name = next(
            name
            for name, table in tables(home)["providers"].items()
            if table.get("base_url", "") in (server.url, server.url.replace("127.0.0.1", "localhost"))
        )
        assert f"{name}/qwen3:8b" in tables(home)["tiers"]["SIMPLE"]["services"]
        assert tables(home)["providers"]["anthropic"]["key"] == "env:ANTHROPIC_API_KEY"
        (simple, *_) = (await said("list"))["tiers"]
        assert simple["answered_by"] == "SIMPLE"
        assert all(service["can_be_asked"] for service in simple["services"])
        assert (await said("propose", "--undo", "--yes"))["undone"] is True
        assert not (home / "config.toml").exists()
        assert server.was_only_looked_at
    assert_absent_below(home, CANARY.encode())


def test_a_running_tierwise_takes_up_every_change_at_once(tmp_path: Path) -> None:
    user = tmp_path / "user"
    user.mkdir()
    environ = {**NOBODY, "HOME": str(user), "ANTHROPIC_API_KEY": ANTHROPICS}
    home = tmp_path / "state"
    with program("serve", "--port", "0", home=home, **environ) as serving:
        serving.ready()
        for arguments in (
            ("propose",),
            ("set", "SIMPLE", "anthropic/claude-opus-4-8", "--first"),
            ("disable", "REASONING"),
            ("enable", "REASONING"),
        ):
            code, out, err = run("tiers", *arguments, "--yes", "--json", home=home, **environ)
            assert (code, err) == (0, "")
            assert json.loads(out)["reloaded"] is True
        assert serving.end(signal.SIGTERM)[0] == 0
        assert CANARY not in serving.stderr


def test_a_pipe_without_yes_is_shown_the_proposal_and_wrong_usage_is_told_as_such(tmp_path: Path) -> None:
    user = user_with_codex(tmp_path / "user")
    home = tmp_path / "state"
    environ = {**NOBODY, "HOME": str(user)}
    code, out, _ = run("tiers", "propose", home=home, **environ)
    assert code == 0
    assert "openai/gpt-5" in out
    assert CANARY not in out
    assert not (home / "config.toml").exists()
    assert run("tiers", "set", "SIMPEL", "a/b", home=home, **environ)[0] == 2
    assert run("tiers", home=home, **environ)[0] == 2


@needs_secret_service
def test_at_a_terminal_a_key_of_a_client_is_copied_into_the_keyring_and_out_of_it_again(
    tmp_path: Path,
) -> None:
    home, user = tmp_path / "state", user_with_codex(tmp_path / "user")
    with secret_service(unlocked=True) as service:
        environ = {**NOBODY, "HOME": str(user), "DBUS_SESSION_BUS_ADDRESS": service.address}
        with at_terminal(home, "tiers", "propose", **environ) as (process, terminal):
            seen = read_until(terminal, b"use it? [y/N]")
            os.write(terminal, b"y\n")
            seen += read_until(terminal, b"Write this to config.toml? [y/N]")
            os.write(terminal, b"y\n")
            assert process.stdout is not None
            assert b"puts it back" in process.stdout.read()
            assert process.wait(END_SECONDS) == 0
            assert CANARY.encode() not in seen
        assert tables(home)["providers"]["openai"] == {"kind": "openai", "key": "keyring"}
        assert key_stored(environ) == CANARY
        assert_absent_below(home, CANARY.encode())
        assert run("tiers", "propose", "--undo", "--yes", home=home, **environ)[0] == 0
        assert key_stored(environ) == ""


def key_stored(environ: dict[str, str]) -> str:
    """What the keyring's own command line finds as OpenAI's key; empty: nothing."""
    done = subprocess.run(
        [sys.executable, "-m", "keyring", "get", "tierwise", "provider/openai"],
        capture_output=True,
        text=True,
        check=False,
        env=environment(**environ),
    )
    return done.stdout.strip()
