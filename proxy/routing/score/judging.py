"""What the score asks of whoever judges a text."""

from typing import Protocol


class Part(Protocol):
    """What one sort of evidence says."""

    @property
    def feature(self) -> str: ...
    @property
    def share(self) -> float: ...


class Judgement(Protocol):
    @property
    def value(self) -> float:
        """The probability that a weak model fails."""
        ...

    @property
    def parts(self) -> "tuple[Part, ...]": ...


class TextJudge(Protocol):
    """Equal texts are judged alike, whatever stands around them."""

    def judge(self, text: str) -> Judgement: ...
