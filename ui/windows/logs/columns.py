"""The columns of the log, and which of them a width has room for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from PySide6.QtCore import QCoreApplication

from ui.models.columns import Column, Row
from ui.windows.failures import failure, longest_failure
from ui.windows.logs.wording import FAILED, chosen_by, outcome, price_source
from ui.words import UNKNOWN, count, duration, moment, money, percent, short_count, whole_moment

Stress = Literal["good", "warn", "bad", "muted"]
STRETCHES: Final = "service"
"""The column that takes what room is left."""


@dataclass(frozen=True, slots=True)
class LogColumn:
    """`rank` says which are dropped first where there is little room: those with the highest."""

    name: str
    column: Column
    rank: int
    sample: str
    """What it has room for."""
    menu_text: str = ""
    """Where the title alone says too little."""
    longest: str = ""
    """What it has room for before others become wider than they need be."""

    @property
    def title(self) -> str:
        return self.menu_text or self.column.title


def log_columns() -> tuple[LogColumn, ...]:
    """The samples of texts are as long as what stands there on most days, those of numbers as the longest."""
    return (
        _text("time", _tr("Time"), _time, 0, "22 Nov 18:23", tip=lambda row: whole_moment(row["received"])),
        _text("client", _tr("Client"), _or_dash("client"), 4, "claude-code"),
        _text("requested", _tr("Asked for"), _or_dash("requested"), 12, "claude-sonnet-4-6"),
        _text("service", _tr("Served by"), _service, 2, "anthropic/claude-haiku-4-5"),
        _text("tier", _tr("Tier"), _or_dash("tier"), 5, "REASONING"),
        _text("source", _tr("Why"), lambda row: chosen_by(row["source"]), 7, _tr("same conversation")),
        replace(
            _text("status", _tr("Status"), outcome, 1, f"{FAILED} {failure('server')}"),
            longest=f"{FAILED} {longest_failure()}",
        ),
        _number("attempts", _tr("Tries"), lambda row: count(row["attempt_count"]), 14, "99", _tr("Attempts")),
        _number("in", _tr("In"), _tokens_in, 8, "99.9k", _tr("Tokens in")),
        _number(
            "out", _tr("Out"), lambda row: short_count(row["output_tokens"]), 9, "99.9k", _tr("Tokens out")
        ),
        _number("cached", _tr("Cached"), _cached, 11, "100 %", _tr("Cached share")),
        _number("cost", _tr("Cost"), _cost, 3, "$0.000099", tip=_paid_how),
        _number("saved", _tr("Saved"), _saved, 6, "≈ −$0.000099", tip=_saved_how),
        _number(
            "first_byte", _tr("First byte"), lambda row: duration(row["first_byte_ms"]), 13, "59 min 59 s"
        ),
        _number(
            "duration",
            _tr("Took"),
            lambda row: duration(row["duration_ms"]),
            10,
            "59 min 59 s",
            _tr("Duration"),
        ),
    )


def stress(name: str, row: Row) -> Stress | None:
    """What is stressed beside its sign."""
    if name == "status" and row["outcome"] != "answered":
        return "bad" if row["outcome"] == "failed" else "muted"
    if name == "saved" and (row["saved_usd"] or 0) < 0:
        return "warn"
    return "muted" if name in ("time", "source") else None


def fitting(columns: Sequence[LogColumn], widths: Sequence[int], room: int) -> frozenset[str]:
    """The names of those that have room, the most telling first. The one that stretches gives some of its."""
    by_rank = sorted(zip(columns, widths, strict=True), key=lambda each: each[0].rank)
    names: list[str] = []
    for column, width in by_rank:
        least = width * 2 // 3 if column.name == STRETCHES else width
        if names and least > room:
            break
        names.append(column.name)
        room -= width
    return frozenset(names)


def tokens_in(row: Row) -> int | None:
    """All that was read: fresh, from the cache, and into it."""
    counts = [row[f"{kind}_tokens"] for kind in ("input", "cache_read", "cache_write")]
    known = [each for each in counts if each is not None]
    return sum(known) if known else None


def cached_share(row: Row) -> float | None:
    whole, read = tokens_in(row), row["cache_read_tokens"]
    return None if not whole or read is None else read / whole


Text = Callable[[Row], str]


def _text(
    name: str, title: str, text: Text, rank: int, sample: str, menu: str = "", tip: Text | None = None
) -> LogColumn:
    return LogColumn(name, Column(title, text, tip=tip), rank, sample, menu)


def _number(
    name: str, title: str, text: Text, rank: int, sample: str, menu: str = "", tip: Text | None = None
) -> LogColumn:
    return LogColumn(name, Column(title, text, is_number=True, tip=tip), rank, sample, menu)


def _time(row: Row) -> str:
    return moment(row["received"])


def _or_dash(name: str) -> Text:
    return lambda row: row[name] or UNKNOWN


def _service(row: Row) -> str:
    return row["service"] or _tr("nobody")


def _tokens_in(row: Row) -> str:
    return short_count(tokens_in(row))


def _cached(row: Row) -> str:
    return percent(cached_share(row))


def _cost(row: Row) -> str:
    return _tr("plan") if row["subscription"] else money(row["cost_usd"])


def _paid_how(row: Row) -> str:
    if row["subscription"]:
        return _tr("Paid by a subscription")
    if row["cost_usd"] is None:
        return _tr("No price is known for this model")
    return f"{money(row['cost_usd'])} {price_source(row['price_source'])}"


def _saved(row: Row) -> str:
    saved = money(row["saved_usd"])
    return f"≈ {saved}" if row["estimated"] and row["saved_usd"] is not None else saved


def _saved_how(row: Row) -> str:
    if row["saved_usd"] is None:
        return _tr("Not known: there is no price for one of the two models")
    told = _tr("%1 estimated against %2") if row["estimated"] else _tr("%1 measured against %2")
    return told.replace("%1", money(row["saved_usd"])).replace("%2", row["compared_with"] or UNKNOWN)


def _tr(text: str) -> str:
    return QCoreApplication.translate("logs", text)
