"""A whole answer for a client."""

import msgspec

from proxy.wire.canonical import Answer, Refusal
from proxy.wire.format import Format
from proxy.wire.responses.ids import response_id
from proxy.wire.responses.output_items import written_output
from proxy.wire.responses.response_object import COMPLETED, ended, response
from proxy.wire.responses.stops import incomplete_reason
from proxy.wire.target import Reply


def write_answer(answer: Answer, reply: Reply) -> bytes:
    own = answer.format is Format.RESPONSES
    has_refusal = any(isinstance(block, Refusal) and block.text for block in answer.content)
    reason = incomplete_reason(answer.stop, has_refusal=has_refusal)
    output = written_output(answer.content, reply, own=own, cut=reason is not None)
    begun = response(response_id(answer.id, reply), reply, COMPLETED, output)
    said = ended(begun, reason, output, answer.usage)
    extra = (answer.extra or {}) if own else {}
    return msgspec.json.encode({**extra, **said} if extra else said)
