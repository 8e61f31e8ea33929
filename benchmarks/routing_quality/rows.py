"""Questions with the marks that models got for them: read from a folder of JSON lines, and grouped.

A row is `{id, dataset, group, prompt, scores {model: 0..1} | tier}`; other fields are ignored. The folder is
named on the command line, since the data is not part of the project.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final


@dataclass(frozen=True, slots=True)
class Row:
    id: str
    source: str
    """The collection; rows of one source were marked in one way."""
    group: str
    """The topic or the task within the source."""
    prompt: str
    scores: dict[str, float] = field(default_factory=dict)
    tier: int | None = None
    """Of hand-labelled rows: 0 is simple, 2 complex."""

    @property
    def family(self) -> str:
        """The task, wherever its questions came from: some sources hold questions of the same task."""
        return _FAMILIES.get(self.source, self.group)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two models between which a router chooses, with their prices in dollars for a thousand questions."""

    weak: str
    strong: str
    weak_price: float
    strong_price: float


PAIRS: Final = {
    "routellm-mmlu": Pair("mixtral-8x7b", "gpt-4-1106", 0.24, 24.7),
    "routellm-gsm8k": Pair("mixtral-8x7b", "gpt-4-1106", 0.24, 24.7),
    "llmrouter": Pair("mistral-7b-instruct-v0.3", "llama-3.1-nemotron-51b-instruct", 0.1, 1.0),
    "llmrouter-code": Pair("llama-3.1-8b-instruct", "llama-3.1-nemotron-51b-instruct", 0.1, 1.0),
}
"""The one pair per source of the macro averages."""

_OF_MANY: Final = (
    ("llama-3.1-8b-instruct", "mistral-7b-instruct-v0.3", "qwen2.5-7b-instruct", "gemma-2-9b-it"),
    ("llama-3.1-nemotron-51b-instruct", "llama-3.3-nemotron-super-49b-v1"),
)
MODELS: Final = {
    "routellm-mmlu": (("mixtral-8x7b",), ("gpt-4-1106",)),
    "routellm-gsm8k": (("mixtral-8x7b",), ("gpt-4-1106",)),
    "llmrouter": _OF_MANY,
    "llmrouter-code": _OF_MANY,
}
"""The weak and the strong models whose marks are averaged. Models that failed at a format are left out."""

_FAMILIES: Final = {"routellm-gsm8k": "gsm8k", "routellm-mmlu": "mmlu"}
_SHINGLE: Final = 8
_BOILERPLATE: Final = 12
"""A run of words in more rows than this is part of a form, not of a question."""


def load(folder: Path) -> list[Row]:
    rows = []
    for path in sorted(folder.glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            rows += [_row(json.loads(line)) for line in lines if line.strip()]
    if not rows:
        raise SystemExit(f"{folder} holds no rows: it should hold files of JSON lines that end in .jsonl")
    return rows


def _row(read: dict[str, object]) -> Row:
    return Row(
        id=read["id"],
        source=read["dataset"],
        group=read["group"],
        prompt=read["prompt"],
        scores=read.get("scores") or {},
        tier=read.get("tier"),
    )


def marked(rows: Iterable[Row]) -> list[Row]:
    """Those that models were marked for, of the known sources."""
    return [row for row in rows if row.source in MODELS and row.scores]


def near_duplicates(prompts: Sequence[str]) -> list[int]:
    """For each prompt the number of its group: prompts that share a run of eight words belong together."""
    runs = [_runs(prompt) for prompt in prompts]
    common = Counter(run for found in runs for run in found)
    leader = list(range(len(prompts)))

    def led(place: int) -> int:
        while leader[place] != place:
            leader[place] = leader[leader[place]]
            place = leader[place]
        return place

    first: dict[str, int] = {}
    for place, found in enumerate(runs):
        for run in sorted(found):
            if common[run] <= _BOILERPLATE:
                leader[led(place)] = led(first.setdefault(run, place))
    return [led(place) for place in range(len(prompts))]


def _runs(prompt: str) -> set[str]:
    words = re.findall(r"\w+", prompt.lower())
    return {" ".join(words[start : start + _SHINGLE]) for start in range(max(1, len(words) - _SHINGLE + 1))}
