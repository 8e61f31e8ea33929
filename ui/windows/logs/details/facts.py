"""What is told of one request: names and values, in the order in which they are read."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication

from ui.widgets.charts.data import Span
from ui.widgets.charts.inks import TierInk
from ui.windows.failures import failure
from ui.windows.logs.columns import cached_share, tokens_in
from ui.windows.logs.wording import chosen_by, outcome, price_source
from ui.words import UNKNOWN, count, duration, money, percent, whole_moment

Row = Mapping[str, Any]
Line = tuple[str, str]


def sentence(row: Row) -> str:
    """What was served, for whom and why; in the decision's own words where they are kept."""
    decision = row["decision"]
    if decision is not None:
        return str(decision["sentence"])
    told = _tr("%1 answered %2.") if row["service"] else _tr("Nobody answered %2.")
    told = told.replace("%1", row["service"] or "").replace("%2", row["client"] or _tr("somebody"))
    return " ".join([told, *row["reasons"]])


def facts(row: Row) -> Iterator[Line]:
    yield _tr("Received"), whole_moment(row["received"])
    yield _tr("Outcome"), _outcome(row)
    yield _tr("Client"), _client(row)
    yield _tr("Asked for"), row["requested"] or _tr("no model")
    yield _tr("Served by"), row["service"] or _tr("nobody")
    yield _tr("Tier"), _tier(row)
    yield _tr("Chosen by"), chosen_by(row["source"])
    yield _tr("Tokens in"), _read(row)
    yield _tr("Tokens out"), _written(row)
    yield _tr("Took"), _took(row)
    yield _tr("Cost"), _cost(row)
    yield _tr("Instead"), _baseline(row)
    yield _tr("Saved"), _saved(row)


def reasons(row: Row) -> Sequence[Line]:
    """Each stage and what it found."""
    if row["decision"] is None:
        return [("", each) for each in row["reasons"]]
    return [(_stage(each["stage"]), each["text"]) for each in row["decision"]["reasons"]]


def candidates(row: Row) -> Sequence[Line]:
    """Who was in question, and why each fell."""
    if row["decision"] is None:
        return []
    return [(each["service"], _verdict(each)) for each in row["decision"]["candidates"]]


def attempts(row: Row) -> Sequence[Line]:
    return [
        (f"{number}. {each['service']}", _attempt(each))
        for number, each in enumerate(row["attempts"], start=1)
    ]


def spans(row: Row) -> tuple[Span, ...]:
    """The attempts along time."""
    return tuple(
        Span(
            label=each["service"],
            start=each["began_ms"],
            end=_not_before(each["ended_ms"], each["began_ms"]),
            first_byte=_not_before(each["first_byte_ms"], each["began_ms"]),
            failure=failure(each["error"]) if each["outcome"] == "failed" else "",
            ink=TierInk(each["tier"]),
        )
        for each in row["attempts"]
    )


def _not_before(end: int | None, start: int) -> int | None:
    """Both are rounded, each by itself."""
    return None if end is None else max(end, start)


def _outcome(row: Row) -> str:
    status = f" ({row['status']})" if row["outcome"] == "failed" and row["status"] else ""
    partial = _tr("; the answer broke off") if row["partial"] and row["outcome"] == "answered" else ""
    return f"{outcome(row)}{status}{partial}"


def _client(row: Row) -> str:
    how = _tr("streamed") if row["streamed"] else _tr("in one piece")
    return f"{row['client'] or UNKNOWN} · {row['surface'] or UNKNOWN} · {how}"


def _tier(row: Row) -> str:
    if row["tier"] is None:
        return _tr("none")
    if row["score"] is None:
        return str(row["tier"])
    return _tr("%1 (difficulty %2 of 100)").replace("%1", row["tier"]).replace("%2", f"{row['score']:.0f}")


def _read(row: Row) -> str:
    whole, share = tokens_in(row), cached_share(row)
    if whole is None:
        return _tr("unknown")
    if not share:
        return count(whole)
    told = _tr("%1, %2 of them from the cache (%3)").replace("%1", count(whole))
    return told.replace("%2", count(row["cache_read_tokens"])).replace("%3", percent(share))


def _written(row: Row) -> str:
    if row["output_tokens"] is None:
        return _tr("unknown")
    told = count(row["output_tokens"])
    if row["reasoning_tokens"]:
        told = _tr("%1, %2 of them thought").replace("%1", told).replace("%2", count(row["reasoning_tokens"]))
    speed = row["tokens_per_second"]
    return told if speed is None else _tr("%1, %2 a second").replace("%1", told).replace("%2", f"{speed:.0f}")


def _took(row: Row) -> str:
    if row["first_byte_ms"] is None:
        return duration(row["duration_ms"])
    told = _tr("%1, first byte after %2").replace("%1", duration(row["duration_ms"]))
    return told.replace("%2", duration(row["first_byte_ms"]))


def _cost(row: Row) -> str:
    if row["subscription"]:
        return _tr("paid by a subscription")
    if row["cost_usd"] is None:
        return _tr("unknown: this model has no price")
    told = money(row["cost_usd"])
    if row["price_source"]:
        told = f"{told} {price_source(row['price_source'])}"
    if row["other_attempts_usd"]:
        others = _tr("%1, of it %2 for other attempts").replace("%1", told)
        told = others.replace("%2", money(row["other_attempts_usd"]))
    return told


def _baseline(row: Row) -> str:
    if row["baseline_usd"] is None:
        return _tr("unknown")
    told = _tr("%1 with %2") if not row["is_compared_with_reference"] else _tr("%1 with %2, the reference")
    return told.replace("%1", money(row["baseline_usd"])).replace("%2", row["compared_with"] or UNKNOWN)


def _saved(row: Row) -> str:
    saved = row["saved_usd"]
    if saved is None:
        return _tr("unknown")
    told = money(saved) if saved >= 0 else _tr("%1 (it cost more)").replace("%1", money(saved))
    how = _tr("estimated") if row["estimated"] else _tr("measured")
    return f"{told}, {how}"


def _verdict(candidate: Row) -> str:
    why = candidate["why"] or ""
    if candidate["kept"]:
        return f"✓ {why}" if why else _tr("✓ in question")
    told = _tr("✗ left out by %1").replace("%1", _stage(candidate["dropped_by"] or ""))
    return f"{told}: {why}" if why else told


def _attempt(attempt: Row) -> str:
    told = [outcome(attempt)]
    if attempt["outcome"] == "failed" and attempt["status"]:
        told[0] += f" ({attempt['status']})"
    if attempt["first_byte_ms"] is not None:
        wait = attempt["first_byte_ms"] - attempt["began_ms"]
        told.append(_tr("first byte after %1").replace("%1", duration(max(wait, 0))))
    if attempt["cost_usd"] is not None:
        told.append(money(attempt["cost_usd"]))
    if attempt["key"]:
        told.append(_tr("key %1").replace("%1", attempt["key"]))
    return "\n".join([", ".join(told), *attempt["notes"]])


def _stage(name: str) -> str:
    return {
        "health": _tr("health"),
        "smart_routing": _tr("rules"),
        "tier": _tr("tier"),
        "affinity": _tr("conversation"),
        "load_balancer": _tr("balance"),
    }.get(name, name.replace("_", " "))


def _tr(text: str) -> str:
    return QCoreApplication.translate("logs", text)
