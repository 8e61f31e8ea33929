"""The calls by which each client's model does what a scenario says."""

from pathlib import Path
from typing import Protocol

from benchmarks.savings.record.scenario import Act
from tests.fakes.script import Call

_READ_AT_MOST = 400


class Hands(Protocol):
    def call(self, act: Act, work: Path) -> Call: ...


class ClaudeHands:
    def call(self, act: Act, work: Path) -> Call:
        match act.doing:
            case "$":
                return Call("Bash", {"command": act.told, "description": _described(act.told)})
            case "r":
                name, *span = act.told.split()
                spanned = dict(zip(("offset", "limit"), map(int, span), strict=False))
                return Call("Read", {"file_path": str(work / name), **spanned})
            case "e":
                file, told = str(work / act.told), {"old_string": act.taken, "new_string": act.put}
                return Call("Edit", {"file_path": file, **told, "replace_all": False})
            case "w":
                return Call("Write", {"file_path": str(work / act.told), "content": act.put})
            case "a":
                described, prompt = act.told.split(" | ", 1)
                kind = "general-purpose" if described.startswith("*") else "Explore"
                task = {"description": described.lstrip("*"), "prompt": prompt, "subagent_type": kind}
                return Call("Agent", task)


class CodexHands:
    """All it has is a shell, which understands its language of patches."""

    def call(self, act: Act, work: Path) -> Call:
        return Call("exec_command", {"cmd": self._command(act), "workdir": str(work)})

    def _command(self, act: Act) -> str:
        match act.doing:
            case "$":
                return act.told
            case "r":
                name, *span = act.told.split()
                first, count = map(int, span) if span else (1, _READ_AT_MOST)
                return f"sed -n '{first},{first + count - 1}p' {name}"
            case "e":
                lines = [
                    f"*** Update File: {act.told}",
                    "@@",
                    *_signed("-", act.taken),
                    *_signed("+", act.put),
                ]
                return _patch(lines)
            case "w":
                return _patch([f"*** Add File: {act.told}", *_signed("+", act.put.removesuffix("\n"))])
            case "a":
                raise ValueError("this client delegates nothing here")


def _described(command: str) -> str:
    return f"Runs {command.split(maxsplit=1)[0]}"


def _signed(sign: str, text: str) -> list[str]:
    return [f"{sign}{line}" for line in text.split("\n")] if text else []


def _patch(lines: list[str]) -> str:
    return "\n".join(["apply_patch <<'END'", "*** Begin Patch", *lines, "*** End Patch", "END"])
