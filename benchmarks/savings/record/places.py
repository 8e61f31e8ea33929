"""What is of one machine and one moment in what a client sends, and what stands for it in a recording."""

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from tests.e2e.clients.client import Place

_PROJECT, _HOME = "/home/dev/project", "/home/dev"
_ID = re.compile(
    r"(?<![0-9a-f])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{64}|a[0-9a-f]{16})(?![0-9a-f])"
)
_STARTED = re.compile(r'("turn_started_at_unix_ms":)\d+')
_STARTED_AT = r"\g<1>1790000000000"
_VENV = Path(sys.executable).parents[1]


@dataclass
class Places:
    """One session's. An id becomes a made-up one of the same shape, the same wherever it is met again."""

    session: str
    place: Place
    _known: dict[str, str] = field(default_factory=dict)

    def neutral(self, text: str) -> str:
        for found, told in self._paths().items():
            text = text.replace(found, told)
        return _STARTED.sub(_STARTED_AT, _ID.sub(lambda met: self._made_up(met[0]), text))

    def _paths(self) -> Mapping[str, str]:
        return {
            str(self.place.work): _PROJECT,
            str(self.place.home): _HOME,
            str(_VENV): f"{_HOME}/.venv",
            sys.base_prefix: "/usr",
            " root root ": " dev dev ",
        }

    def _made_up(self, found: str) -> str:
        if found not in self._known:
            made = uuid5(NAMESPACE_URL, f"{self.session} {len(self._known)}")
            self._known[found] = _of_shape(found, str(made))
        return self._known[found]


def _of_shape(found: str, made: str) -> str:
    if "-" in found:
        return made
    digits = made.replace("-", "") * 2
    return "a" + digits[1:17] if len(found) == 17 else digits
