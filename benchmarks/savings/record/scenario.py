"""A session before it is recorded: what is typed and when, and what the model does about it.

A scenario is a text file. A head of `name: value` lines, an empty line, and then:

    > 40 fix the test            a typed text, 40 seconds after the last answer; `>|` goes on in a new line
    > 90 /compact                makes the client sum up
    ~ 300                        the next answer comes after 300 tokens of thinking
    : I look at the test first.  what the model says; several lines are one text
    + 120                        and about 120 words more
    $ python -m pytest -q        a command, which goes on in lines that begin with `|`
    r shop/cart.py 1 80          reads a file, or some lines of it; `e FILE` edits and `w FILE` writes:
    <<<                          what `e` takes away and puts there, and what `w` writes, stands below
    old
    ===
    new
    >>>
    & r shop/cart.py             called together with the call before
    a Looks for x | Where is x?  a subagent; what it does follows, indented by two spaces
    !                            the window is full at the next answer, and the client sums up by itself

A call belongs to the text before it. An answer without a call ends the turn.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

SCENARIOS = Path(__file__).with_name("scenarios")
Doing = Literal["$", "r", "e", "w", "a"]
COMPACT = "/compact"
_TYPED = re.compile(r"> \d+ ")


@dataclass(frozen=True)
class Act:
    """One call of a tool, told without any client."""

    doing: Doing
    told: str
    taken: str = ""
    put: str = ""
    steps: tuple["Step", ...] = ()
    """Of a subagent."""


@dataclass(frozen=True)
class Step:
    """One answer of the model."""

    text: str = ""
    thinking: int | None = None
    acts: tuple[Act, ...] = ()
    more: int = 0
    is_full: bool = False


@dataclass(frozen=True)
class Typed:
    wait: float
    text: str
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Scenario:
    name: str
    cls: str
    client: str
    model: str
    project: str
    turns: tuple[Typed, ...] = field(repr=False)


def names() -> list[str]:
    return sorted(file.stem for file in SCENARIOS.glob("*.txt"))


def scenario(name: str) -> Scenario:
    lines = (SCENARIOS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    end = lines.index("")
    head = dict(line.split(": ", 1) for line in lines[:end])
    return Scenario(
        name, head["class"], head["client"], head["model"], head["project"], tuple(_turns(lines[end + 1 :]))
    )


def _turns(lines: Sequence[str]) -> Iterator[Typed]:
    starts = [place for place, line in enumerate(lines) if _TYPED.match(line)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        wait, text = lines[start][2:].split(" ", 1)
        rest = list(lines[start + 1 : end])
        while rest and rest[0].startswith(">|"):
            text += "\n" + rest.pop(0)[2:].removeprefix(" ")
        yield Typed(float(wait), text, tuple(_steps(rest)))


def _steps(lines: Sequence[str]) -> Iterator[Step]:
    """Each ends with its calls; one that only says something ends where nothing follows."""
    step = Step()
    rest = list(lines)
    while rest:
        line = rest.pop(0)
        match line[:1], line[2:]:
            case ":", text:
                if step.acts:
                    yield step
                    step = Step()
                step = replace(step, text=f"{step.text}\n{text}".lstrip("\n"))
            case "+", words:
                step = replace(step, more=int(words))
            case ("~" | "!") as mark, told:
                if step.acts:
                    yield step
                    step = Step()
                step = replace(step, thinking=int(told)) if mark == "~" else replace(step, is_full=True)
            case "&", told:
                step = replace(step, acts=(*step.acts, _act(told, rest)))
            case _ if line.strip():
                if step.acts:
                    yield step
                    step = Step()
                step = replace(step, acts=(_act(line, rest),))
            case _:
                pass
    yield step


def _act(line: str, rest: list[str]) -> Act:
    doing, _, told = line.partition(" ")
    match doing:
        case "$":
            while rest and rest[0].startswith("|"):
                told += "\n" + rest.pop(0)[2:]
            return Act(doing, told)
        case "r":
            return Act(doing, told)
        case "e":
            taken, put = _block(rest).split("\n===\n")
            return Act(doing, told, taken, put)
        case "w":
            return Act(doing, told, put=_block(rest) + "\n")
        case "a":
            inner = []
            while rest and (rest[0].startswith("  ") or not rest[0].strip()):
                inner.append(rest.pop(0)[2:])
            return Act(doing, told, steps=tuple(_steps(inner)))
        case _:
            raise ValueError(f"no line of a scenario begins like this: {line!r}")


def _block(rest: list[str]) -> str:
    assert rest.pop(0) == "<<<", "a block begins with <<<"
    end = rest.index(">>>")
    block = "\n".join(rest[:end])
    del rest[: end + 1]
    return block
