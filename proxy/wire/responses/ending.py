"""How a response ends that cannot go on."""

from typing import Any

from proxy.wire.failure import Failure
from proxy.wire.names import made_id
from proxy.wire.responses.errors import failed_error
from proxy.wire.responses.ids import RESPONSE
from proxy.wire.responses.numbering import Numbering
from proxy.wire.responses.response_object import FAILED, USUAL
from proxy.wire.target import IdRule


def failed_members(failure: Failure) -> dict[str, Any]:
    """What sets a failed response apart."""
    return {"status": FAILED, "error": failed_error(failure), "usage": None}


def failed_event(failure: Failure, request_id: str, sequence_number: int, response_id: str | None) -> bytes:
    """The last event of a provider's stream that we forwarded as it was and that broke off. Of its response
    only the id may be known."""
    id_ = response_id or made_id(IdRule(prefix=RESPONSE), request_id)
    said = {"id": id_, "object": "response", "created_at": 0, **USUAL, "model": "", "output": []}
    response = {**said, **failed_members(failure), "incomplete_details": None}
    return Numbering(sequence_number).event("response.failed", {"response": response})
