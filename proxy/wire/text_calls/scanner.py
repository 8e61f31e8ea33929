"""One text, as it comes: what of it is text, what is thinking and what is a call.

The scanner is in one of three states: seeking a marker, attempting to read a call, or thinking. Whatever
turns out not to be a call is sought through again from after its marker.
"""

from dataclasses import dataclass
from enum import Enum, auto

from proxy.wire.text_calls.attempt import Attempt, TooLong
from proxy.wire.text_calls.dialects import FORMS, THOUGHTS
from proxy.wire.text_calls.dialects import Thought as Marks
from proxy.wire.text_calls.form import Call, Found, Rescue, Schemas, Verdict
from proxy.wire.text_calls.markers import Markers


@dataclass(frozen=True, slots=True)
class Said:
    text: str


@dataclass(frozen=True, slots=True)
class Thought:
    text: str


Piece = Said | Thought | Call

MOST_DISAPPOINTMENTS = 200
"""So many markers without a call, and the text is about markers: nothing more is sought in it."""
LONGEST_BLANK = 256
"""White space at a beginning waits this long for what follows it."""


class _Place(Enum):
    BEGINNING = auto()
    MIDDLE = auto()
    AFTER = auto()
    """A call or a thought: white space and left over markers here belong to it."""


class Scanner:
    def __init__(self, schemas: Schemas, rescue: Rescue) -> None:
        self._schemas = schemas
        self._forms = [form for form in FORMS if schemas and form.rescue in rescue]
        self._thoughts = {marks.opening: marks for marks in THOUGHTS if marks.rescue in rescue}
        openings = {form.opening for form in self._forms}
        leftovers = {leftover for form in self._forms for leftover in form.leftovers}
        leftovers |= {leftover for marks in self._thoughts.values() for leftover in marks.leftovers}
        self._markers = Markers(openings | leftovers | set(self._thoughts))
        self._closing = Markers(set())
        self._disappointments = 0
        self._begin()

    def _begin(self) -> None:
        self._place = _Place.BEGINNING
        self._blank = ""
        self._held = ""
        self._leftovers: tuple[str, ...] = ()
        self._attempt: Attempt | None = None
        self._thinking: Marks | None = None
        self._thought_begun = False

    def feed(self, text: str) -> list[Piece]:
        pieces: list[Piece] = []
        while text:
            if self._attempt is not None:
                text = self._try(self._attempt, text, pieces)
            elif self._thinking is not None:
                text = self._think(self._thinking, text, pieces)
            else:
                text = self._seek(text, pieces)
        return pieces

    def end(self) -> list[Piece]:
        """The text is over: what was held back is text. The next feed begins another one."""
        pieces: list[Piece] = []
        if self._attempt is not None:
            self._say(self._attempt.text, pieces)
        elif self._thinking is not None:
            self._ponder(self._held, pieces)
        else:
            self._say(self._held, pieces)
        if self._blank:
            pieces.append(Said(self._blank))
        self._begin()
        return pieces

    def _seek(self, text: str, pieces: list[Piece]) -> str:
        if self._place is _Place.MIDDLE and not self._held and not self._markers.suspect.search(text):
            pieces.append(Said(text))
            return ""
        text = self._held + text
        self._held = ""
        found = self._markers.search(text)
        if found is None:
            kept = self._markers.kept(text)
            self._say(text[: len(text) - kept], pieces)
            self._held = text[len(text) - kept :]
            return ""
        self._say(text[: found.start()], pieces)
        self._meet(found[0], pieces)
        return text[found.end() :]

    def _meet(self, marker: str, pieces: list[Piece]) -> None:
        """What a marker means depends on where it stands."""
        forms = [form for form in self._forms if form.opening == marker]
        if forms:
            self._attempt = Attempt(marker, forms, self._schemas)
        elif marker in self._thoughts and self._place is not _Place.MIDDLE:
            self._thinking = self._thoughts[marker]
            self._closing = Markers({self._thinking.closing})
            self._thought_begun = False
            self._blank = ""
        elif not (self._place is _Place.AFTER and marker in self._leftovers):
            self._say(marker, pieces)

    def _try(self, attempt: Attempt, text: str, pieces: list[Piece]) -> str:
        try:
            verdict = attempt.feed(text)
        except TooLong as too_long:
            self._attempt = None
            self._say(attempt.text, pieces)
            return too_long.rest
        if verdict is Verdict.MORE:
            return ""
        self._attempt = None
        if isinstance(verdict, Found):
            pieces += verdict.calls
            self._after(attempt.form.leftovers if attempt.form else ())
            return verdict.rest
        return self._disappointed(attempt, pieces)

    def _disappointed(self, attempt: Attempt, pieces: list[Piece]) -> str:
        self._disappointments += 1
        if self._disappointments == MOST_DISAPPOINTMENTS:
            self._markers = Markers(set())
        self._say(attempt.opening, pieces)
        return attempt.text[len(attempt.opening) :]

    def _think(self, marks: Marks, text: str, pieces: list[Piece]) -> str:
        text = self._held + text
        before, closing, rest = text.partition(marks.closing)
        kept = 0 if closing else self._closing.kept(text)
        self._held = before[len(before) - kept :]
        self._ponder(before[: len(before) - kept], pieces)
        if closing:
            self._thinking = None
            self._after(marks.leftovers)
        return rest

    def _ponder(self, text: str, pieces: list[Piece]) -> None:
        """White space before the first thought is none."""
        text = text if self._thought_begun else text.lstrip()
        if text:
            self._thought_begun = True
            pieces.append(Thought(text))

    def _after(self, leftovers: tuple[str, ...]) -> None:
        self._place = _Place.AFTER
        self._leftovers = leftovers
        self._blank = ""

    def _say(self, text: str, pieces: list[Piece]) -> None:
        if self._place is not _Place.MIDDLE:
            said = text.lstrip()
            if self._place is _Place.BEGINNING:
                self._blank += text[: len(text) - len(said)]
            if not said and len(self._blank) <= LONGEST_BLANK:
                return
            text = self._blank + said
            self._blank = ""
            self._place = _Place.MIDDLE
        if text:
            pieces.append(Said(text))
