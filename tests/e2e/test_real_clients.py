"""Real coding agents from npm, headless, through the real program."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.e2e.program import program

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(300),
    pytest.mark.skipif(
        shutil.which("npm") is None, reason="real clients come from npm: install nodejs and npm"
    ),
]

CLIENTS = Path(__file__).resolve().parents[2] / "build" / "clients"
CLAUDE_CODE = "2.1.197"


@pytest.fixture(scope="module")
def claude_code() -> Path:
    """The client's own binary comes in a package for the platform, so no script of the package need run."""
    command = CLIENTS / "node_modules" / ".bin" / "claude"
    package = CLIENTS / "node_modules" / "@anthropic-ai" / "claude-code" / "package.json"
    if not package.exists() or json.loads(package.read_text())["version"] != CLAUDE_CODE:
        install = ["npm", "install", "--no-audit", "--no-fund", "--no-save", "--prefix", str(CLIENTS)]
        subprocess.run(
            [*install, f"@anthropic-ai/claude-code@{CLAUDE_CODE}"], check=True, capture_output=True
        )
    return command


def test_claude_code_gets_its_answer_through_the_demo(claude_code: Path, tmp_path: Path) -> None:
    workplace = tmp_path / "work"
    workplace.mkdir()
    with program("demo", "--port", "0", home=tmp_path / "home") as demo:
        ready = demo.ready()
        done = subprocess.run(
            [claude_code, "-p", "hi", "--output-format", "json"],
            cwd=workplace,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env={
                "PATH": os.environ["PATH"],
                "HOME": os.environ["HOME"],
                "TERM": "dumb",
                "ANTHROPIC_BASE_URL": ready["url"],
                "ANTHROPIC_AUTH_TOKEN": ready["token"],
                "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
                "CLAUDE_CODE_MAX_RETRIES": "2",
                "DISABLE_AUTOUPDATER": "1",
                "DISABLE_ERROR_REPORTING": "1",
                "DISABLE_TELEMETRY": "1",
            },
        )
        assert done.returncode == 0, done.stderr + demo.stderr
        answer = json.loads(done.stdout)
        assert answer["is_error"] is False
        assert answer["result"].startswith("This is the Tierwise demo")
        demo.wait_for("messages -> demo/")
