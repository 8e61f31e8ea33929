"""Where the clients keep their session logs."""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

CLAUDE_CODE = "Claude Code"
CODEX = "Codex"


@dataclass(frozen=True, slots=True)
class Place:
    """A folder that may hold logs of one client, at any depth."""

    client: str
    folder: Path

    def is_log(self, name: str) -> bool:
        return any(fnmatchcase(name, pattern) for pattern in _PATTERNS[self.client])


_PATTERNS = {
    CLAUDE_CODE: ("*.jsonl",),
    # A session that rested for a week is compressed where it lies.
    CODEX: ("rollout-*.jsonl", "rollout-*.jsonl.zst"),
}


def find_places(environ: Mapping[str, str], user: Path) -> list[Place]:
    """All folders to look into, whether they exist or not; `user` is the user's home."""
    return [
        *(Place(CLAUDE_CODE, folder / "projects") for folder in _claude_folders(environ, user)),
        *(Place(CODEX, _codex_folder(environ, user) / name) for name in ("sessions", "archived_sessions")),
    ]


def _claude_folders(environ: Mapping[str, str], user: Path) -> list[Path]:
    """Without a word from the user there are two: some versions keep to the XDG folders."""
    named = environ.get("CLAUDE_CONFIG_DIR")
    if named:
        return [Path(named)]
    return [user / ".claude", Path(environ.get("XDG_CONFIG_HOME") or user / ".config") / "claude"]


def _codex_folder(environ: Mapping[str, str], user: Path) -> Path:
    return Path(environ.get("CODEX_HOME") or user / ".codex")
