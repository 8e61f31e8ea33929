"""The program as users get it: built by `make package`, started without our Python, on a real desktop."""

import json
import shutil
import subprocess
import urllib.request
from pathlib import Path

import pytest

from tests.e2e.desktop import desktop
from tests.e2e.program import environment, get, program

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]

REPOSITORY = Path(__file__).resolve().parents[2]
FROZEN = REPOSITORY / "dist" / "tierwise" / "tierwise"


@pytest.fixture(scope="module", autouse=True)
def _is_built() -> None:
    assert FROZEN.exists(), "`make package` builds it, and `make check-all` does that first"


def test_it_serves_the_demo(tmp_path: Path) -> None:
    with program("demo", "--port", "0", home=tmp_path, command=[str(FROZEN)]) as demo:
        ready = demo.ready()
        assert get(f"{ready['url']}/api/health")["status"] == "ok"
        assert demo.end()[0] == 0
        assert "Traceback" not in demo.stderr


def ask(url: str, token: str) -> None:
    body = {"model": "auto", "max_tokens": 10, "messages": [{"role": "user", "content": "Hello"}]}
    request = urllib.request.Request(
        f"{url}/v1/messages",
        json.dumps(body).encode(),
        {"x-api-key": token, "content-type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        assert answer.status == 200


def test_it_keeps_a_record_and_tells_what_is_in_it(tmp_path: Path) -> None:
    with program("demo", "--port", "0", home=tmp_path, command=[str(FROZEN)]) as demo:
        ready = demo.ready()
        ask(ready["url"], ready["token"])
        prices = get(f"{ready['url']}/api/prices", ready["admin_token"])
        assert prices["source"].startswith("genai-prices")
        assert demo.end()[0] == 0
    for command in (["usage", "--origin", "demo"], ["logs", "--origin", "demo"], ["estimate"]):
        done = subprocess.run(
            [str(FROZEN), "--home", str(tmp_path / "demo"), "--json", *command],
            capture_output=True,
            check=False,
            timeout=60,
            env=environment(HOME=str(tmp_path)),
        )
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        assert told.get("totals", {"requests": 1})["requests"] == 1
        assert len(told.get("rows", [])) == (1 if command[0] == "logs" else 0)


def test_it_shows_the_tray_and_its_menu(tmp_path: Path) -> None:
    with (
        desktop() as screen,
        program(
            "--port",
            "0",
            "--minimised",
            home=tmp_path,
            command=[str(FROZEN)],
            DISPLAY=screen.display,
            QT_QPA_PLATFORM="xcb",
        ) as tray,
    ):
        tray.wait_for("the tray is there")
        screen.click(screen.tray_icon(tray.process.pid), button=3)
        screen.opened(tray.process.pid)
        screen.screenshot("frozen-tray-menu")
        screen.press("Up", "Return")
        assert tray.wait()[0] == 0


def test_it_signs_requests_to_amazon(tmp_path: Path) -> None:
    """botocore and all it loads by name is there, and so are certificates, proxies and encodings."""
    (tmp_path / "config.toml").write_text(
        '[providers.aws]\nkind = "bedrock"\nbase_url = "http://127.0.0.1:9"\nregion = "eu-west-1"\n'
    )
    done = subprocess.run(
        [FROZEN, "--home", tmp_path, "providers", "test", "aws", "--json"],
        env=environment(AWS_ACCESS_KEY_ID="AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY="secret"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    (finding,) = json.loads(done.stdout)["steps"]
    assert "cannot be reached" in finding["text"], done.stderr


def test_it_carries_neither_tests_nor_an_insecure_keyring() -> None:
    names = [path.relative_to(FROZEN.parent).as_posix() for path in FROZEN.parent.rglob("*")]
    assert not [name for name in names if "keyrings/alt" in name or "/pytest" in name or "Qt6Quick" in name]
    assert not [name for name in names if "botocore/data/ec2" in name]


def test_the_debian_package_holds_the_program_its_command_and_its_menu_entry(tmp_path: Path) -> None:
    if shutil.which("dpkg-deb") is None:
        pytest.skip("a Debian package needs dpkg-deb")
    subprocess.run([REPOSITORY / "installers/linux/build-deb"], check=True, capture_output=True)
    (package,) = (REPOSITORY / "dist").glob("tierwise_*.deb")
    subprocess.run(["dpkg-deb", "--extract", package, tmp_path], check=True)
    command = tmp_path / "usr/bin/tierwise"
    assert command.is_symlink()
    assert command.readlink() == Path("/opt/tierwise/tierwise")
    assert (tmp_path / "usr/share/applications/tierwise.desktop").exists()
    done = subprocess.run(
        [tmp_path / "opt/tierwise/tierwise", "--version"],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.startswith("tierwise ")
