"""A provider's whole answer: a stream of one line."""

from proxy.wire.assemble import collected
from proxy.wire.canonical import Answer, Failed, Finish
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format
from proxy.wire.ollama.read_stream import Machine
from proxy.wire.reading import reading_answer
from proxy.wire.target import Expecting


def read_answer(body: bytes, expecting: Expecting) -> Answer:
    with reading_answer():
        events = Machine(expecting).take(body)
        if not isinstance(events[-1], Finish | Failed):
            raise Failure(FailureKind.BAD_ANSWER, "The provider's answer says that it is not done.")
        return collected(events, Format.OLLAMA)
