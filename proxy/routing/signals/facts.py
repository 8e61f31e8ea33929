"""What stays known of a message that was read once: numbers and names, never its text."""

from collections.abc import Callable, Iterable

from msgspec import Struct

from proxy.routing.signals.cleaning import cleaned
from proxy.routing.signals.marks import Mark, marks_in
from proxy.routing.signals.seen import Role, Seen
from proxy.wire.estimate import _tokens as tokens_in


class Facts(Struct, frozen=True, gc=False):
    """One message, or one piece of a system prompt."""

    role: Role
    tokens: float
    says: bool = False
    """Words are left after cleaning."""
    marks: Mark = Mark.NONE
    """Of system prompts; what users say is looked through only in the turn that asks."""
    has_results: bool = False
    is_open: bool = False
    has_tools: bool = False
    called: tuple[str, ...] = ()
    images: int = 0
    documents: int = 0

    @property
    def is_typed(self) -> bool:
        """A user wrote this, or showed something; what comes with results of tools is part of that turn."""
        shows = bool(self.images or self.documents)
        return self.role is Role.USER and not self.has_results and (self.says or shows)


def facts_of(raw: bytes, see: Callable[[bytes], Seen]) -> Facts:
    seen = see(raw)
    texts = cleaned_texts(seen.texts) if seen.texts else []
    return Facts(
        role=seen.role,
        tokens=tokens_in(raw),
        says=bool(texts),
        marks=marks_in(texts) if seen.role is Role.SYSTEM else Mark.NONE,
        has_results=bool(seen.results),
        is_open=seen.is_open,
        has_tools=seen.has_tools,
        called=seen.called,
        images=seen.images,
        documents=seen.documents,
    )


def cleaned_texts(texts: Iterable[str]) -> list[str]:
    """Every text by itself, for clients put a notice and what was typed after it into one message."""
    return [words for text in texts if (words := cleaned(text))]
