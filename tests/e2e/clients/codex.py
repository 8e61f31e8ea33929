"""Codex without a terminal."""

import json
from pathlib import Path
from typing import Any

from tests.e2e.clients.client import Client, Place, Said
from tests.e2e.clients.npm import Package
from tests.fakes.script import Call

PATCHING_MODEL = "gpt-5.5"
"""It gets a tool for patches, which takes free text."""
SCRIPTING_MODEL = "gpt-6.1-sol"
"""What it takes with nothing configured: it gets a tool for programs, and is told of it in the input."""

_SETTINGS = """
model = {model}
model_provider = "tierwise"
analytics.enabled = false

[model_providers.tierwise]
name = "Tierwise"
base_url = {url}
wire_api = "responses"
experimental_bearer_token = {token}
"""


class Codex(Client):
    """As a rule with a model that this version does not know: it gets functions only."""

    name = "codex"
    package = Package("@openai/codex", "0.169.0", "codex")
    model = "gpt-5.4"
    instructions = ("running in the Codex CLI", "<skills_instructions>")
    too_long = "ran out of room in the model's context window"

    def arguments(self, prompt: str) -> list[str]:
        return [
            "exec",
            "--skip-git-repo-check",
            "--json",
            "--dangerously-bypass-approvals-and-sandbox",
            prompt,
        ]

    def prepared(self, place: Place, model: str) -> dict[str, str]:
        folder = place.home / ".codex"
        folder.mkdir(exist_ok=True)
        told = {"model": model, "url": f"{place.url}/v1", "token": place.token}
        settings = _SETTINGS.format_map({name: json.dumps(value) for name, value in told.items()})
        (folder / "config.toml").write_text(settings)
        return {"CODEX_HOME": str(folder)}

    def said(self, events: list[dict[str, Any]], errors: str) -> Said:
        """A remark about an unknown model, or about a stream that is asked for again, is no failure."""
        last = events[-1] if events else {}
        if last.get("type") != "turn.completed":
            return Said(str(last.get("error", {}).get("message", "")), True, (0, 0), events, errors)
        items = (event["item"] for event in events if event["type"] == "item.completed")
        texts = [item["text"] for item in items if item["type"] == "agent_message"]
        tokens = last["usage"]["input_tokens"], last["usage"]["output_tokens"]
        return Said(texts[-1] if texts else "", False, tokens, events, errors)

    def runs(self, command: str) -> Call:
        return Call("exec_command", {"cmd": command})

    def writes(self, file: Path, text: str) -> Call:
        return self.runs(f"cat > {file} <<'END'\n{text}END")

    def edits(self, file: Path, old: str, new: str) -> Call:
        """In the program's own language for patches, which it understands in a command as well."""
        return self.runs(f"apply_patch <<'END'\n{patch(file, old, new)}\nEND")


def patch(file: Path, old: str, new: str) -> str:
    """A change of one line."""
    lines = ["*** Begin Patch", f"*** Update File: {file.name}", "@@", f"-{old}", f"+{new}", "*** End Patch"]
    return "\n".join(lines)
