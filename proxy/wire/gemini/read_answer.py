"""A provider's whole answer: a stream of one chunk, and what the chunk says beside."""

import msgspec
from msgspec import Raw, Struct

from proxy.wire.assemble import collected
from proxy.wire.canonical import Answer, Extra, Failed, Finish, Stop, StopReason
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format
from proxy.wire.gemini.read_stream import Machine
from proxy.wire.reading import decoded, members_of, reading_answer
from proxy.wire.target import Expecting

_READ = ("candidates", "promptFeedback", "usageMetadata", "modelVersion", "responseId")
_READ_OF_CANDIDATE = ("content", "index", "finishReason")


class _Answer(Struct):
    candidates: list[Raw] | None = None


_ANSWER = msgspec.json.Decoder(_Answer)


def read_answer(body: bytes, expecting: Expecting) -> Answer:
    with reading_answer():
        machine = Machine(expecting)
        events = machine.take(body)
        answered = decoded(_ANSWER, body).candidates
        if not (events and isinstance(events[-1], Failed)):
            events += machine.close()
        if not isinstance(events[-1], Finish | Failed):
            if not answered:
                raise Failure(FailureKind.BAD_ANSWER, "The provider's answer holds no answer.")
            # Not every server that speaks this format gives a reason.
            events.append(Finish(Stop(StopReason.END_TURN)))
        answer = collected(events, Format.GEMINI)
        stop = answer.stop.given(answer.content)
        return msgspec.structs.replace(answer, stop=stop, extra=_extra(body, answered or []))


def _extra(body: bytes, candidates: list[Raw]) -> Extra | None:
    extra = {name: Raw(bytes(raw)) for name, raw in members_of(body).items() if name not in _READ}
    if candidates:
        candidate = members_of(candidates[0])
        rest = {name: raw for name, raw in candidate.items() if name not in _READ_OF_CANDIDATE}
        extra |= {"candidates": Raw(msgspec.json.encode(rest))} if rest else {}
    return extra or None
