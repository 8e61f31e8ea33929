"""One marker that may have begun a call, and all that came after it."""

from collections.abc import Iterable

from proxy.wire.text_calls.form import Body, Form, Found, Schemas, Verdict
from proxy.wire.text_calls.heads import Headed, Heads

LIMIT = 256 * 1024
"""A call that is longer, in characters, is text."""


class TooLong(Exception):  # noqa: N818 -- not an error: the caller goes on with the text
    """The limit is reached; `rest` is what was fed beyond it."""

    def __init__(self, rest: str) -> None:
        super().__init__("a call of this length is text")
        self.rest = rest


class Attempt:
    def __init__(self, opening: str, forms: Iterable[Form], schemas: Schemas) -> None:
        self.opening = opening
        self._pieces = [opening]
        self._left = LIMIT
        self._heads = Heads(forms, schemas)
        self._schemas = schemas
        self._body: Body | None = None
        self.form: Form | None = None

    @property
    def text(self) -> str:
        """Everything since the opening, it included."""
        return "".join(self._pieces)

    def feed(self, text: str) -> Found | Verdict:
        rest = text[self._left :]
        text = text[: self._left]
        self._left -= len(text)
        self._pieces.append(text)
        verdict = self._headed(text) if self._body is None else self._body.feed(text)
        match verdict:
            case Found(calls, unused):
                return Found(calls, unused + rest)
            case Verdict.MORE if not self._left:
                raise TooLong(rest)
            case Verdict.NO:
                self._pieces.append(rest)
        return verdict

    def _headed(self, text: str) -> Found | Verdict:
        head = self._heads.feed(text)
        if not isinstance(head, Headed):
            return head
        self.form = head.form
        beyond = len(text) - head.end
        whole = self.text
        start = whole[: len(whole) - beyond]
        self._body = head.form.body(head.name, start, self._schemas)
        return self._body.feed(text[head.end :])
