"""What a proposal says, tier by tier, as plain values."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.proposal.proposal import Proposal
from ui.windows.tiers.speech import tr


@dataclass(frozen=True, slots=True)
class Said:
    """A line: of something that is there, or that is new."""

    text: str
    why: str
    is_new: bool

    @property
    def told(self) -> str:
        return f"{'+' if self.is_new else '·'} {self.text}"


@dataclass(frozen=True, slots=True)
class Piece:
    heading: str
    lines: tuple[Said, ...]
    note: str = ""


def pieces(made: Proposal) -> list[Piece]:
    """Nothing but the advice where there is nothing new."""
    return list(_pieces(made))


def _pieces(made: Proposal) -> Iterator[Piece]:
    if made.providers:
        new = tuple(Said(each.name, each.label, is_new=True) for each in made.providers)
        yield Piece(tr("Providers to add"), new)
    for tier in made.tiers if made.is_new else ():
        lines = tuple(
            Said(each.service.name, "" if each.is_there else each.why, is_new=not each.is_there)
            for each in tier.choices
        )
        nothing = "" if lines else tr("nothing; its turns go to another tier")
        yield Piece(tier.name, lines, tier.note or nothing)
    if made.left_out:
        yield Piece(tr("Left out"), tuple(Said(each.what, each.why, is_new=False) for each in made.left_out))


def written_sentence(made: Proposal) -> str:
    changed = [tier.name for tier in made.tiers if tier.is_changed]
    return tr("The proposal is written: %1.", ", ".join([*(each.name for each in made.providers), *changed]))
