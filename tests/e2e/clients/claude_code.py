"""Claude Code, with and without a terminal."""

import json
from pathlib import Path
from typing import Any

from tests.e2e.clients.client import Client, Place, Said
from tests.e2e.clients.npm import Package
from tests.fakes.script import Call

_QUIET = {
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
    "CLAUDE_CODE_MAX_RETRIES": "2",
    "DISABLE_AUTOUPDATER": "1",
    "DISABLE_ERROR_REPORTING": "1",
    "DISABLE_TELEMETRY": "1",
    "IS_SANDBOX": "1",  # without it, it refuses to use tools unasked where root runs it
}


class ClaudeCode(Client):
    name = "claude-code"
    package = Package("@anthropic-ai/claude-code", "2.1.197", "claude")
    model = "claude-opus-4-8"
    instructions = ("You are a Claude agent", "You are an interactive agent", "Available agent types")
    too_long = "Prompt is too long"

    def arguments(self, prompt: str) -> list[str]:
        told = ["--output-format", "stream-json", "--verbose"]
        return ["-p", prompt, *told, "--dangerously-skip-permissions"]

    def prepared(self, place: Place, model: str) -> dict[str, str]:
        asked = {"ANTHROPIC_BASE_URL": place.url, "ANTHROPIC_AUTH_TOKEN": place.token}
        return {**asked, "ANTHROPIC_MODEL": model, **_QUIET}

    def settles_in(self, place: Place) -> None:
        """What it would ask at its first start, which only people can answer."""
        trusted = {str(place.work): {"hasTrustDialogAccepted": True, "hasCompletedProjectOnboarding": True}}
        answers = {"hasCompletedOnboarding": True, "bypassPermissionsModeAccepted": True, "theme": "dark"}
        (place.home / ".claude.json").write_text(json.dumps({**answers, "projects": trusted}))

    def said(self, events: list[dict[str, Any]], errors: str) -> Said:
        last = events[-1] if events else {}
        failed, usage = last.get("is_error") is not False, last.get("usage", {})
        tokens = usage.get("input_tokens", 0), usage.get("output_tokens", 0)
        return Said(str(last.get("result", "")), failed, tokens, events, errors)

    def runs(self, command: str) -> Call:
        return Call("Bash", {"command": command, "description": "Runs a command"})

    def writes(self, file: Path, text: str) -> Call:
        return Call("Write", {"file_path": str(file), "content": text})

    def edits(self, file: Path, old: str, new: str) -> Call:
        return Call("Edit", {"file_path": str(file), "old_string": old, "new_string": new})

    def delegates(self, prompt: str) -> Call:
        """A call of the tool that gives a task to a subagent, which asks for a smaller model."""
        task = {"description": "Looks around", "prompt": prompt, "subagent_type": "Explore"}
        return Call("Agent", task)
