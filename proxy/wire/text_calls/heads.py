"""Tells character by character whether what follows a marker can still be the head of a call."""

from collections.abc import Iterable
from dataclasses import dataclass

from proxy.wire.text_calls.form import NAME, Form, Verdict


@dataclass(frozen=True, slots=True)
class Headed:
    form: Form
    name: str
    end: int
    """Where the head ends in the text that was fed last."""


class Heads:
    """The heads of all forms that share an opening. No head begins with another one."""

    def __init__(self, forms: Iterable[Form], names: Iterable[str]) -> None:
        names = tuple(names)
        self._alive = [
            (head.replace(NAME, name), name, form)
            for form in forms
            for head in form.heads
            for name in (names if NAME in head else ("",))
        ]
        self._seen = 0

    def feed(self, text: str) -> Headed | Verdict:
        for at, character in enumerate(text):
            if character.isspace():
                continue
            self._alive = [entry for entry in self._alive if entry[0][self._seen] == character]
            self._seen += 1
            if not self._alive:
                return Verdict.NO
            head, name, form = self._alive[0]
            if len(head) == self._seen:
                return Headed(form, name, at + 1)
        return Verdict.MORE
