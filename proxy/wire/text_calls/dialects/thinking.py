"""The marks around thinking that should not have been part of the text."""

from dataclasses import dataclass

from proxy.wire.text_calls.dialects import harmony
from proxy.wire.text_calls.form import Rescue


@dataclass(frozen=True, slots=True)
class Thought:
    """Counts only where an answer, or what follows a call, begins: in the middle it is a word like others."""

    rescue: Rescue
    opening: str
    closing: str
    leftovers: tuple[str, ...] = ()


THOUGHTS = (
    Thought(Rescue.THINKING, "<think>", "</think>"),
    Thought(Rescue.THINKING | Rescue.HARMONY, "<|channel|>analysis<|message|>", "<|end|>", harmony.ANSWER),
)
