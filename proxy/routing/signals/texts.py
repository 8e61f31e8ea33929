"""A request's words, read only when a signal asks for them and forgotten with the request."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from proxy.routing.signals.facts import Facts, cleaned_texts
from proxy.routing.signals.pieces import see_system
from proxy.routing.signals.seen import NOTHING, Role, See, Seen
from proxy.routing.signals.turn import NO_TURN, Turn

LONGEST: Final = 200_000
"""Characters. So much of a text is read at most, and searched at most, while nothing else goes on."""


def the_end_of(text: str) -> str:
    return text[-LONGEST:]


def _see_nothing(raws: Sequence[bytes]) -> list[Seen]:
    return [NOTHING for _ in raws]


@dataclass(frozen=True, slots=True)
class Texts:
    """The pieces of a request, and what is known of them, so that only the right ones are read."""

    system_pieces: Sequence[bytes] = ()
    messages: Sequence[bytes] = ()
    facts: Sequence[Facts] = ()
    see: See = _see_nothing
    turn: Turn = NO_TURN

    def system(self) -> str:
        """The system prompt, and what a client says in its name between the messages."""
        return "\n".join([*self._prompt(), *self._of(self._places("system"))])

    def opening_system(self) -> str:
        """The system prompt as far as it stands when a conversation begins."""
        count = len(self.facts)
        begun = next((place for place in range(count) if self.facts[place].role != "system"), count)
        return "\n".join([*self._prompt(), *self._of(range(begun))])

    def user(self) -> str:
        """What the user said, of very much only the end, so that no more is read than rules look at."""
        said: list[str] = []
        length = 0
        for places in self._newest_first("user"):
            said[:0] = self._of(places)
            length = sum(map(len, said))
            if length >= LONGEST:
                break
        return the_end_of("\n".join(said))

    def latest_user(self) -> str:
        """What was typed last; empty while a tool's result is what the model is to answer."""
        if self.turn.is_tools:
            return ""
        places = range(min(self.turn.start, len(self.facts) - 1), -1, -1)
        said = (place for place in places if self.facts[place].is_typed and self.facts[place].says)
        return self._at(next(said, None))

    def asked(self) -> Iterator[str]:
        """What the user's side says in the turn that is to be answered."""
        places = range(self.turn.start, len(self.facts))
        return self._of(
            place for place in places if self.facts[place].role == "user" and self.facts[place].says
        )

    def first_user(self) -> str:
        said = (place for place, facts in enumerate(self.facts) if facts.is_typed and facts.says)
        return self._at(next(said, None))

    def _at(self, place: int | None) -> str:
        return "" if place is None else "\n".join(self._of([place]))

    def _places(self, role: Role) -> Iterator[int]:
        return (place for place, facts in enumerate(self.facts) if facts.role is role and facts.says)

    def _newest_first(self, role: Role) -> Iterator[Sequence[int]]:
        """The messages in which somebody says something, some at a time, for it costs more to begin."""
        group: list[int] = []
        size = 0
        for place in reversed(list(self._places(role))):
            group.append(place)
            size += len(self.messages[place])
            if size >= LONGEST:
                yield group[::-1]
                group, size = [], 0
        yield group[::-1]

    def _prompt(self) -> Iterator[str]:
        return _said(see_system(self.system_pieces))

    def _of(self, places: Iterable[int]) -> Iterator[str]:
        return _said(self.see([self.messages[place] for place in places]))


def _said(several: Iterable[Seen]) -> Iterator[str]:
    for seen in several:
        yield from cleaned_texts(seen.texts)


NO_TEXTS = Texts()
