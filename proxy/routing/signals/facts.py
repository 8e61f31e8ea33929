"""What stays known of a message that was read once: numbers and names, never its text."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import force_setattr

from proxy.routing.signals.cleaning import cleaned
from proxy.routing.signals.deeds import Deeds, deeds_of
from proxy.routing.signals.marks import UNMARKED, Mark, marks_in
from proxy.routing.signals.seen import Role, See, Seen
from proxy.wire.estimate import tokens_in_each

_GROUP = 64 * 1024
"""Bytes that are read at one go. More would leave the processor's cache, and cost what new memory costs."""


class Facts(Struct, frozen=True, gc=False):
    """One message, or one piece of a system prompt."""

    role: Role
    tokens: float
    says: bool = False
    """Words are left after cleaning."""
    is_typed: bool = False
    """A user wrote this, or showed something; what comes with results of tools is part of that turn."""
    marks: Mark = UNMARKED
    """Of system prompts; what users say is looked through only in the turn that asks."""
    has_results: bool = False
    is_open: bool = False
    has_tools: bool = False
    called: tuple[str, ...] = ()
    images: int = 0
    documents: int = 0
    deeds: Deeds | None = None
    """None until somebody asks what was done here."""


def facts_of(raws: Sequence[bytes], see: See) -> list[Facts]:
    return [facts for group in _groups(raws) for facts in _together(group, see)]


def _together(raws: Sequence[bytes], see: See) -> list[Facts]:
    several = see(raws)
    keyed = [place for place, seen in enumerate(several) if not seen.is_text]
    return list(map(_facts, several, tokens_in_each(raws, keyed)))


def _groups(raws: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    size = sum(map(len, raws))
    step = max(1, _GROUP * len(raws) // max(1, size))
    return (raws[begin : begin + step] for begin in range(0, len(raws), step))


def _facts(seen: Seen, tokens: float) -> Facts:
    role, answers = seen.role, seen.answers
    says = bool(seen.texts) and any(map(cleaned, seen.texts))
    shows = bool(seen.images or seen.documents)
    return Facts(
        role,
        tokens,
        says=says,
        is_typed=(says or shows) and role == "user" and not answers,
        marks=marks_in(cleaned_texts(seen.texts)) if role == "system" else UNMARKED,
        has_results=bool(answers),
        is_open=seen.is_open,
        has_tools=seen.has_tools,
        called=seen.called if seen.calls else (),
        images=seen.images,
        documents=seen.documents,
    )


def cleaned_texts(texts: Iterable[str]) -> list[str]:
    """Every text by itself, for clients put a notice and what was typed after it into one message."""
    return [words for text in texts if (words := cleaned(text))]


def learn_deeds(known: Sequence[Facts], raws: Sequence[bytes], see: See, places: Sequence[int]) -> None:
    """What was done in the messages at these places, where nobody has asked for it yet.

    All else that is known stays as it was, and two threads that learn it at once learn the same.
    """
    new = [place for place in places if known[place].deeds is None]
    for place, seen in zip(new, see([raws[place] for place in new]) if new else (), strict=True):
        force_setattr(known[place], "deeds", deeds_of(seen))
