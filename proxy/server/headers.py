"""Headers on the way back: what was served, by whom, and under which id it is logged; and what may pass."""

import json
from collections.abc import Iterable, Sequence
from itertools import chain
from urllib.parse import quote

from multidict import CIMultiDict

from proxy.exchange import Attempt, Exchange
from proxy.routing.selection.phrases import ASIDES
from proxy.routing.selection.reasons import Reason

_LONGEST_REASONS = 4096
_PRINTABLE = "".join(chr(code) for code in range(0x21, 0x7F))

# Between two hops, or about the provider's own site rather than the answer.
_CORS = "access-control-"
_OURS = "x-tierwise-"
_NOT_PASSED = frozenset(
    {
        "alt-svc",
        "connection",
        "content-encoding",
        "content-length",
        "date",
        "keep-alive",
        "proxy-authenticate",
        "server",
        "set-cookie",
        "strict-transport-security",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "via",
    }
)


def about(exchange: Exchange) -> dict[str, str]:
    """What was served. As long as nobody serves, that is not known, and not said."""
    headers = {
        "x-tierwise-request-id": exchange.id,
        "x-tierwise-tier": "none",
        "x-tierwise-attempts": str(len(exchange.attempts)),
    }
    if exchange.source is not None:
        headers["x-tierwise-source"] = exchange.source
    if (serving := exchange.serving or _refuser(exchange)) is not None:
        headers |= {
            "x-tierwise-tier": serving.tier or "none",
            "x-tierwise-provider": header_value(serving.service.provider),
            "x-tierwise-model": header_value(serving.service.model),
            "x-tierwise-service": header_value(str(serving.service)),
        }
    if exchange.is_explained:
        headers |= _explanation(exchange)
    return headers


def _refuser(exchange: Exchange) -> Attempt | None:
    """Whose error the client is told, if somebody answered with one."""
    attempt = exchange.refused_by
    return attempt if attempt is not None and attempt.status is not None else None


def _explanation(exchange: Exchange) -> dict[str, str]:
    """Who looked at it, and what they and the way to the service made of it."""
    decision = exchange.decision
    headers = {"x-tierwise-reasons": _reasons(exchange)}
    if decision is not None:
        headers["x-tierwise-stages"] = ",".join(decision.stages)
    return headers


def _reasons(exchange: Exchange) -> str:
    """As JSON, as many sentences as fit: those of the stages, then what was changed in the request."""
    found = () if exchange.decision is None else exchange.decision.reasons
    notes = exchange.serving.notes if exchange.serving is not None else ()
    told = [{"stage": each.stage, "text": each.text} for each in found]
    told += [{"stage": "request", "text": note} for note in notes]
    room, fitting = _LONGEST_REASONS, set[int]()
    for place in _most_telling_first(found, len(told)):
        needed = len(json.dumps(told[place])) + len(", ")
        if needed <= room:
            room -= needed
            fitting.add(place)
    return json.dumps([each for place, each in enumerate(told) if place in fitting])


def _most_telling_first(found: Sequence[Reason], total: int) -> Iterable[int]:
    """What settled it was found last; what was noticed on the way, such as who is unwell, can be missed."""
    settled = [place for place, each in enumerate(found) if each.code not in ASIDES]
    asides = [place for place, each in enumerate(found) if each.code in ASIDES]
    return chain(reversed(settled), range(len(found), total), asides)


def passed_on(headers: Iterable[tuple[str, str]]) -> CIMultiDict[str]:
    """A provider's headers without those that are not the client's."""
    return CIMultiDict((name, value) for name, value in headers if _may_pass(name.lower()))


def header_value(text: str) -> str:
    """Text as a header may carry it: anything that is not plain ASCII is percent-encoded."""
    return quote(text, safe=_PRINTABLE.replace("%", ""))[:512]


def _may_pass(name: str) -> bool:
    return name not in _NOT_PASSED and not name.startswith((_CORS, _OURS))
