"""How often the tier of a typed turn changes though its user wants the same.

    python -m benchmarks.robustness [--tuning | --held] [--show]

Every typed turn of the recorded sessions is put a little otherwise, or surrounded a little otherwise, and the
product decides on it as on the first request that it ever sees. A turn that stays as it was, byte for byte,
is not counted: a text without a word that has synonyms tells nothing about synonyms. What stands around a
text must not change the part of the score that is the text's, not even a little. Each group of perturbations
has its own bar, so that those which change hardly anything do not make up for the others.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

from msgspec.structs import replace

from benchmarks.robustness.surroundings import SURROUNDINGS, Asked
from benchmarks.robustness.turns import Typed, typed_turns
from benchmarks.robustness.wording import WORDINGS, Wording
from benchmarks.savings.policies import wanted
from benchmarks.savings.product import Product
from benchmarks.savings.session import Request, Session, names, read
from benchmarks.savings.world import LADDERS, config_of
from benchmarks.table import Table
from proxy.routing.selection.decision import Decision

CHANGES_BAR: Final = 5.0
"""In per cent, for each group."""
GROUPS: Final[Mapping[str, Sequence[str]]] = {
    "typos": ("typos in 1 % of characters", "typos in 2 % of characters"),
    "paraphrase": ("please", "thanks", "contractions", "synonyms"),
    "case and blanks": (
        "small letters",
        "capital letters",
        "no full stop at the end",
        "spaces and lines behind it",
    ),
    "surroundings": (
        "a reminder behind it",
        "another environment",
        "12 more tools",
        "half of the tools",
        "another billing nonce",
    ),
    "history": ("40 messages before it",),
}
"""Each perturbation belongs to one of them."""
_TEXT: Final = "text"
"""The contribution to a score that is the text's."""
_SEED: Final = 20


@dataclass(slots=True)
class Told:
    """What became of one perturbation."""

    turns: int = 0
    changed: int = 0
    text_shift: float = 0.0
    """The most that the text's part of a score was moved."""
    examples: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        return 100 * self.changed / self.turns if self.turns else 0.0


Perturbed = Callable[[Typed, Random], Request | None]


def reworded(wording: Wording) -> Perturbed:
    return lambda turn, random: turn.with_text(lambda text: wording(text, random))


def surrounded(otherwise: Callable[[Asked, str], Asked | None]) -> Perturbed:
    def perturbed(turn: Typed, _random: Random) -> Request | None:
        asked = otherwise(json.loads(turn.request.body), turn.request.surface)
        return None if asked is None else turn.with_body(asked)

    return perturbed


PERTURBATIONS: Final[dict[str, Perturbed]] = {
    **{name: reworded(wording) for name, wording in WORDINGS.items()},
    **{name: surrounded(otherwise) for name, otherwise in SURROUNDINGS.items()},
}


async def measured(sessions: Sequence[Session]) -> dict[str, Told]:
    told = {name: Told() for name in PERTURBATIONS}
    for session in sessions:
        random = Random(_SEED)
        config = config_of(LADDERS[session.client])
        forgetful = replace(config, affinity=replace(config.affinity, mode="off"))
        product = Product(forgetful, session.client)
        for turn in typed_turns(session):
            plain = (await product.decide(turn.request)).decision
            for name, perturbed in PERTURBATIONS.items():
                request = perturbed(turn, random)
                if request is not None and request.body != turn.request.body:
                    _note(told[name], plain, (await product.decide(request)).decision, session.name, turn)
    return told


def _note(told: Told, plain: Decision, other: Decision, name: str, turn: Typed) -> None:
    told.turns += 1
    before, after = wanted(plain), wanted(other)
    if before != after:
        told.changed += 1
        told.examples.append(f"{name}, turn {turn.request.turn}: {before} -> {after}, {_shown(plain, other)}")
    if _judged_by(plain) == _judged_by(other):
        told.text_shift = max(told.text_shift, abs(_of_text(plain) - _of_text(other)))


def _judged_by(decision: Decision) -> list[str]:
    """Whether a turn is judged by its own text: a short reply is by what was said before, if anything was."""
    return [each.code for each in decision.reasons if each.stage == "tier"]


def _of_text(decision: Decision) -> float:
    parts = () if decision.score is None else decision.score.contributions
    return sum(each.points for each in parts if each.signal == _TEXT)


def _shown(*decisions: Decision) -> str:
    scores = [0.0 if each.score is None else each.score.value for each in decisions]
    return "score " + " -> ".join(f"{score:.1f}" for score in scores)


def tell(table: Table, found: dict[str, Told], *, examples: int) -> None:
    turns = max(each.turns for each in found.values())
    print(f"{turns} typed turns")
    for name, told in found.items():
        is_around = name in SURROUNDINGS
        table.tell(
            name,
            f"{_told(told)}   text's part moves {told.text_shift:7.3f}",
            "text 0" if is_around else "",
            met=not is_around or told.text_shift == 0.0,
        )
        for example in told.examples[:examples]:
            print(f"    {example}")
    print()
    for group, names_of in GROUPS.items():
        together = _together(found[name] for name in names_of)
        is_met = together.share < CHANGES_BAR
        table.tell(group, _told(together), f"< {CHANGES_BAR:g} %", met=is_met)
    table.tell("all together", _told(_together(found.values())))


def _together(several: Iterable[Told]) -> Told:
    sums = Told()
    for each in several:
        sums.turns += each.turns
        sums.changed += each.changed
    return sums


def _told(told: Told) -> str:
    return f"{told.share:5.1f} % of {told.turns:4} change tier"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    half = parser.add_mutually_exclusive_group()
    half.add_argument("--tuning", action="store_true", help="only the sessions that things are tuned on")
    half.add_argument("--held", action="store_true", help="only those that are held back")
    parser.add_argument("--show", action="store_true", help="also tell which turns change")
    chosen = parser.parse_args()
    sessions = [
        each
        for each in map(read, names())
        if not (chosen.tuning and each.held) and not (chosen.held and not each.held)
    ]
    if not sessions:
        print("There are no recorded sessions.")
        return 1
    table = Table(72)
    tell(table, asyncio.run(measured(sessions)), examples=10 if chosen.show else 0)
    return 0 if table.is_met else 1


if __name__ == "__main__":
    sys.exit(main())
