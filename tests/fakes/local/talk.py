"""How the pretended local servers answer a conversation: as scripted, its prompt counted and maybe cut."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from aiohttp import web
from multidict import CIMultiDict

from proxy.wire.format import Format
from tests.fakes.fault import Fault
from tests.fakes.formats.all import SPEECHES
from tests.fakes.formats.speech import Incoming, Memory, Refused, Reply
from tests.fakes.formats.text import compact
from tests.fakes.local.server import Asked
from tests.fakes.script import Answering, Billed, Turn
from tests.fakes.script import Asked as Understood
from tests.fakes.serving import Serving

Messages = Sequence[Mapping[str, Any]]


def tokens(*told: Any) -> int:
    """About what a tokenizer would make of it: a quarter of the characters, whatever they are."""
    return sum(len(each if isinstance(each, str) else compact(each)) for each in told) // 4


def without_oldest(messages: Messages, fits: Callable[[Messages], bool]) -> Messages:
    """Whole messages go from the front until the rest fits; instructions and the last message always stay."""
    kept = messages
    for first in range(len(messages)):
        instructions = [each for each in messages[:first] if each.get("role") == "system"]
        kept = [*instructions, *messages[first:]]
        if fits(kept):
            break
    return kept


def without_middle(messages: Messages, fits: Callable[[Messages], bool]) -> Messages:
    """The beginning stays up to the first message of the user, and as much of the end as fits beside it."""
    begun = beginning(messages)
    rest = messages[len(begun) :]
    while rest and not fits([*begun, *rest]):
        rest = rest[1:]
    return [*begun, *rest]


def beginning(messages: Messages) -> Messages:
    users = [place for place, each in enumerate(messages) if each.get("role") == "user"]
    return messages[: users[0] + 1] if users else messages[:1]


@dataclass(kw_only=True)
class Talk:
    """What a server says in one format."""

    format: Format
    script: Answering
    understood: list[Understood] = field(default_factory=list)
    """What was answered, in neutral words."""
    reached: list[Messages] = field(default_factory=list)
    """What the model was left with of each conversation."""
    memory: Memory = field(default_factory=Memory)

    async def answered(self, asked: Asked, messages: Messages, prompt: int) -> web.StreamResponse:
        """The next answer of the script, to a prompt of so many tokens."""
        serving, step = self.begun(asked, messages, prompt)
        return await (step.happen(serving) if isinstance(step, Fault) else serving.answered(step))

    def begun(self, asked: Asked, messages: Messages, prompt: int) -> tuple[Serving, Turn | Fault]:
        speech = SPEECHES[self.format]
        understood = speech.asked(incoming(asked), asked.body.get("model", ""), self.memory)
        self.understood.append(understood)
        self.reached.append(messages)
        serving = Serving(
            asked.request, speech, understood, len(self.understood), self.memory, lambda _model, _billed: None
        )
        step = self.script(understood)
        return serving, step if isinstance(step, Fault) else _counted(step, prompt)

    def refused(self, message: str, *, status: int = 400, code: str | None = None) -> web.Response:
        return replied(SPEECHES[self.format].error(status, message, code))

    def checked(self, asked: Asked) -> Refused | None:
        """What the format's own rules have against a request."""
        speech = SPEECHES[self.format]
        understood = speech.asked(incoming(asked), "", self.memory)
        try:
            speech.check(understood, self.memory, max_output=1_000_000)
        except Refused as refused:
            return refused
        return None


def incoming(asked: Asked) -> Incoming:
    return Incoming(asked.method, asked.path, asked.query, CIMultiDict(asked.headers), asked.body)


def replied(reply: Reply) -> web.Response:
    return web.Response(body=reply.body, status=reply.status, headers=reply.headers)


def _counted(turn: Turn, prompt: int) -> Turn:
    return replace(turn, usage=Billed(input=prompt, output=turn.usage.output or tokens(turn.text)))
