"""What the steps of a test have shown, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ui.signs import Level
from ui.windows.providers.words import later, sentence, tr
from ui.words import duration

_STEPS: Final = {
    "configuration": later("Configuration"),
    "models": later("List of models"),
    "answer": later("Answer"),
    "tools": later("Tool call"),
    "vision": later("Images"),
}
_SIGNS: Final[Mapping[bool | None, tuple[Level, str]]] = {
    True: ("good", later("✓ works")),
    False: ("bad", later("✕ fails")),
    None: ("muted", later("– not tried")),
}
_NO_MODEL: Final = "Name a model with --model; none is known."
"""What the test says to those who type."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the result."""

    title: str
    level: Level
    word: str
    """With its sign."""
    text: str
    seconds: float | None

    @property
    def fails(self) -> bool:
        return self.level == "bad"

    @property
    def took(self) -> str:
        return "" if self.seconds is None else duration(self.seconds * 1000)

    @property
    def spoken(self) -> str:
        return f"{self.title}: {self.word[2:]}. {self.text}"


def step(finding: Mapping[str, Any]) -> Step:
    level, word = _SIGNS[finding["ok"]]
    text = tr("Choose a model; none is known.") if finding["text"] == _NO_MODEL else finding["text"]
    name = finding["step"]
    return Step(tr(_STEPS.get(name, name)), level, tr(word), sentence(text), finding["seconds"])


def verdict(steps: Sequence[Step]) -> tuple[Level, str]:
    """All of it in a sentence."""
    if any(each.fails for each in steps):
        return "bad", tr("✕ Something does not work.")
    if any(each.level == "good" for each in steps):
        return "good", tr("✓ Everything that was tried works.")
    return "muted", tr("– Nothing was tried.")
