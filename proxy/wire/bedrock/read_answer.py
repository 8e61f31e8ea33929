"""A provider's whole answer, from bytes to canonical values."""

import msgspec

from proxy.wire.bedrock import schema
from proxy.wire.bedrock.read_blocks import read_content
from proxy.wire.bedrock.stops import read_stop
from proxy.wire.bedrock.usage import read_usage
from proxy.wire.canonical import Answer
from proxy.wire.errors import read_error
from proxy.wire.format import Format
from proxy.wire.reading import decoded, members_of, reading_answer
from proxy.wire.target import Expecting

_ANSWER = msgspec.json.Decoder(schema.Answer)
_ERRORS = ("message", "Message", "__type", "error")


def read_answer(body: bytes, expecting: Expecting) -> Answer:
    with reading_answer():
        members = members_of(body)
        if "output" not in members and any(name in members for name in _ERRORS):
            # Hosts in front of Bedrock may say so under status 200.
            raise read_error(None, body)
        answer = decoded(_ANSWER, body)
        content = read_content(answer.output.message.content, expecting)
        router = answer.trace.prompt_router if answer.trace is not None else None
        stop = read_stop(answer.stop_reason, answer.additional_model_response_fields)
        return Answer(
            format=Format.BEDROCK,
            model=router.invoked_model_id if router is not None else None,
            content=content,
            stop=stop.given(content),
            usage=read_usage(answer.usage),
        )
