"""The x-tierwise-* headers: what was served, by whom, and under which id it is logged."""

from urllib.parse import quote

from proxy.exchange import Exchange

_PRINTABLE = "".join(chr(code) for code in range(0x21, 0x7F))


def about(exchange: Exchange) -> dict[str, str]:
    headers = {
        "x-tierwise-request-id": exchange.id,
        "x-tierwise-tier": "none",
        "x-tierwise-attempts": str(len(exchange.attempts)),
    }
    if exchange.source is not None:
        headers["x-tierwise-source"] = exchange.source
    if (served := exchange.served) is not None:
        headers |= {
            "x-tierwise-provider": header_value(served.provider),
            "x-tierwise-model": header_value(served.model),
            "x-tierwise-service": header_value(str(served)),
        }
    return headers


def header_value(text: str) -> str:
    """Text as a header may carry it: anything that is not plain ASCII is percent-encoded."""
    return quote(text, safe=_PRINTABLE.replace("%", ""))[:512]
