"""Ids of responses and their items, where nobody gave one: made from that of the exchange."""

from proxy.wire.names import made_id
from proxy.wire.target import IdRule, Reply

RESPONSE = "resp_"
_REASONING = "rs_made_"
_PREFIXES = {
    "message": "msg_",
    "function_call": "fc_",
    "custom_tool_call": "ctc_",
    "reasoning": _REASONING,
}


def response_id(id_: str | None, reply: Reply) -> str:
    """The provider's own id if it is one of this format."""
    if id_ is not None and id_.startswith(RESPONSE):
        return id_
    return made_id(IdRule(prefix=RESPONSE), reply.id)


def item_id(kind: str, reply: Reply, index: int) -> str:
    return made_id(IdRule(prefix=_PREFIXES[kind]), reply.id, index)


def is_made(reasoning_id: str) -> bool:
    """Whether no provider can have stored reasoning under this id."""
    return reasoning_id.startswith(_REASONING)
