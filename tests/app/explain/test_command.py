"""`tierwise explain` as a process: with a Tierwise that runs and without one, in words and as JSON."""

import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from app.commands import explain
from proxy.config import RouteConfig
from proxy.exchange import Surface
from proxy.routing.rules.vocabulary import SURFACES
from tests.e2e.program import program, run

BODY = {"model": "claude-haiku-4-5", "max_tokens": 5, "messages": [{"role": "user", "content": "Hi"}]}
CONFIG = """
[providers.p]
kind = "anthropic-compatible"
base_url = "http://127.0.0.1:9"
key = "none"
[tiers.SIMPLE]
services = [{ provider = "p", model = "small" }]
[tiers.COMPLEX]
services = [{ provider = "p", model = "m" }, { provider = "gone", model = "m" }]
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_text(CONFIG)
    (tmp_path / "request.json").write_text(json.dumps(BODY))
    return tmp_path


def explained(home: Path, *flags: str, code: int = 0) -> dict[str, Any]:
    found, out, _ = run("explain", "--json", *flags, home=home)
    assert found == code
    page: dict[str, Any] = json.loads(out)
    return page


def test_without_a_running_one_the_configuration_decides(home: Path) -> None:
    file = str(home / "request.json")
    code, out, err = run("explain", file, home=home)
    assert code == 0
    assert err == (
        "Tierwise is not running, so health, keys in the keyring, pins and spending are not considered.\n"
    )
    assert out.startswith("Sent to p/small: typed turn that needs the simple tier (score 0.")
    assert "  1  p/small  kept" in out
    assert "  -  gone/m   dropped by health  no provider is called gone" in out
    page = explained(home, file)
    assert (page["service"], page["tier"], page["source"]) == ("p/small", "SIMPLE", "tier")
    assert explained(home, file, "--header", "X-Tierwise-Tier: complex")["service"] == "p/m"
    assert explained(home, file, "--client", "codex", "--surface", "chat")["service"] == "p/small"
    assert not (home / "tierwise.db").exists()


def test_a_running_one_decides_and_knows_its_requests(home: Path) -> None:
    with program("serve", "--port", "0", home=home) as serving:
        ready = serving.ready()
        asked = urllib.request.Request(
            f"{ready['url']}/v1/messages",
            json.dumps(BODY).encode(),
            {"x-api-key": ready["token"], "x-claude-code-session-id": "s1"},
        )
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(asked, timeout=20)
        id_ = refused.value.headers["x-tierwise-request-id"]
        code, out, err = run("explain", str(home / "request.json"), home=home)
        assert (code, err) == (0, "")
        assert out.startswith("Sent to p/small: ")
        assert explained(home, "--id", id_)["session"] == {"id": "s1", "from": "header"}
        code, _, err = run("explain", "--id", "req_gone", home=home)
        assert (code, err.partition(":")[0]) == (1, "tierwise")
        assert "no recent request req_gone" in err


@pytest.mark.parametrize("is_running", [False, True])
def test_where_nobody_can_serve_it_the_code_is_1(home: Path, *, is_running: bool) -> None:
    file = home / "request.json"
    flags = ("explain", str(file), "--header", "x-tierwise-tier: REASONING")
    (home / "config.toml").write_text(CONFIG.replace("[providers.p]", "[providers.p]\nenabled = false"))

    def check() -> None:
        code, out, err = run(*flags, home=home)
        assert code == 1
        assert out.startswith("Not sent: ")
        assert "dropped by health  the provider p is off" in out
        assert err.splitlines()[-1].startswith(
            "tierwise: No service available for the route default. p/small: "
        )
        page = explained(home, *flags[1:], code=1)
        assert page["error"]["type"] == "no_service"
        assert page["decision"]["service"] is None

    if not is_running:
        return check()
    with program("serve", "--port", "0", home=home) as serving:
        serving.ready()
        check()
    return None


def test_what_is_wrong_with_the_file_or_the_flags_is_said(home: Path) -> None:
    (home / "broken.json").write_text('{"model": }')
    code, _, err = run("explain", str(home / "broken.json"), home=home)
    assert (code, err.endswith("is not JSON: Expecting value (line 1, column 11).\n")) == (1, True)
    assert explained(home, str(home / "broken.json"), code=1)["error"]["type"] == "unreadable"
    (home / "other.json").write_text('{"question": "where?"}')
    code, _, err = run("explain", str(home / "other.json"), home=home)
    assert code == 1
    assert "none of `messages`, `input` and `contents`" in err
    (home / "extra.json").write_text(json.dumps({"body": BODY, "headrs": {}}))
    code, _, err = run("explain", str(home / "extra.json"), home=home)
    assert code == 1
    assert 'there is no `headrs`; did you mean "headers"?' in err
    assert run("explain", home=home)[0] == 2
    assert run("explain", "--id", "req_1", home=home)[0] == 1


def test_without_a_running_one_the_environment_is_looked_at_and_the_keyring_is_not(home: Path) -> None:
    file = home / "request.json"
    (home / "config.toml").write_text(CONFIG.replace('key = "none"', 'key = "env:NOPE_KEY"'))
    code, out, err = run("explain", str(file), home=home)
    assert code == 1
    assert "the environment variable NOPE_KEY is not set" in out
    assert "keys in the keyring" in err
    code, out, _ = run("explain", str(file), home=home, NOPE_KEY="sk-1")
    assert (code, out.partition(":")[0]) == (0, "Sent to p/small")
    (home / "config.toml").write_text(CONFIG.replace('key = "none"', 'key = "keyring"'))
    assert explained(home, str(file))["service"] == "p/small"


def test_every_surface_can_be_named_everywhere() -> None:
    names = tuple(Surface)
    assert names == explain._SURFACES
    assert names == SURFACES
    assert get_args(get_type_hints(RouteConfig)["surface"]) == ("*", *names)


def test_it_explains_itself() -> None:
    code, out, _ = run("explain", "--help")
    assert code == 0
    assert "--home DIR" in out
    assert "--header NAME:VALUE" in out
