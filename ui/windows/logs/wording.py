"""How a request's outcome and choice are said in a few words, each beside a sign that needs no colour."""

from collections.abc import Mapping
from functools import cache

from PySide6.QtCore import QCoreApplication

from ui.models.columns import Row
from ui.windows.failures import failure

ANSWERED, FAILED, CANCELLED = "✓", "✗", "◦"


def outcome(row: Row) -> str:
    """Of an exchange or an attempt: a sign, then the status or what went wrong."""
    if row["outcome"] == "answered":
        return f"{ANSWERED} {row['status'] or 200}"
    if row["outcome"] == "cancelled":
        return f"{CANCELLED} {_tr('cancelled')}"
    return f"{FAILED} {failure(row['error'])}"


def chosen_by(source: str | None) -> str:
    """What settled it, in a word or two."""
    return "–" if source is None else _sources().get(source, source)


def price_source(source: str | None) -> str:
    """Whose word a price is."""
    return _prices().get(source or "", source or "")


@cache
def _prices() -> Mapping[str, str]:
    return {
        "user": _tr("by your own price"),
        "catalogue": _tr("by the price list"),
        "provider": _tr("as the provider reported"),
        "local": _tr("on this computer"),
        "unpriced": _tr("without a price"),
    }


@cache
def _sources() -> Mapping[str, str]:
    return {
        "tier": _tr("difficulty"),
        "affinity": _tr("same conversation"),
        "smart_routing": _tr("a rule"),
        "load_balancer": _tr("balancing"),
        "passthrough": _tr("asked for by name"),
        "probe_pin": _tr("to try it"),
        "cascade": _tr("smaller model first"),
        "health": _tr("only one able"),
    }


def _tr(text: str) -> str:
    return QCoreApplication.translate("logs", text)
