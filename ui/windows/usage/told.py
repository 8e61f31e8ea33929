"""The words of the page: which requests are shown, and what a sum of them leaves out."""

from collections.abc import Mapping
from datetime import date, datetime

from PySide6.QtCore import QCoreApplication

from proxy.ledger.queries.usage import NOBODYS_NAME
from ui.windows.usage.asking import Line
from ui.windows.usage.question import Question, Range
from ui.words import count, short_count


def range_name(range_: Range) -> str:
    """As it stands in the list."""
    return {
        Range.TODAY: _tr("Today"),
        Range.LAST_DAY: _tr("Last 24 hours"),
        Range.LAST_WEEK: _tr("Last 7 days"),
        Range.LAST_MONTH: _tr("Last 30 days"),
        Range.THIS_MONTH: _tr("This month"),
        Range.ALL: _tr("All time"),
        Range.CUSTOM: _tr("Certain days"),
    }[range_]


def group_name(group: str) -> str:
    return {
        "client": _tr("Client"),
        "provider": _tr("Provider"),
        "model": _tr("Model"),
        "tier": _tr("Tier"),
    }[group]


def name_in(group: str, name: str) -> str:
    """Nobody's requests are called by what they lack."""
    if name != NOBODYS_NAME:
        return name
    return {
        "client": _tr("unknown client"),
        "provider": _tr("not served"),
        "model": _tr("not served"),
        "tier": _tr("without a tier"),
    }[group]


def shown(question: Question) -> str:
    """Which requests the numbers are of, in a sentence."""
    when = when_told(question)
    if not question.chosen:
        return _tr("All requests %1.").replace("%1", when)
    which = ", ".join(
        name_in(group, name) if name == NOBODYS_NAME else f"{group_name(group).lower()} {name}"
        for group, name in question.chosen
    )
    return _tr("Requests %1: only %2.").replace("%1", when).replace("%2", which)


def nothing(question: Question) -> str:
    if question.chosen:
        return _tr("No request fits these filters %1.").replace("%1", when_told(question))
    if question.range is Range.ALL:
        return _tr("Nothing is recorded yet. The record begins with the first request.")
    return _tr("Nothing was asked for %1.").replace("%1", when_told(question))


def when_told(question: Question) -> str:
    if question.range is Range.CUSTOM:
        first, last = day(question.days.first), day(question.days.last)
        if first == last:
            return _tr("of %1").replace("%1", first)
        return _tr("from %1 to %2").replace("%1", first).replace("%2", last)
    return {
        Range.TODAY: _tr("of today"),
        Range.LAST_DAY: _tr("in the last 24 hours"),
        Range.LAST_WEEK: _tr("in the last 7 days"),
        Range.LAST_MONTH: _tr("in the last 30 days"),
        Range.THIS_MONTH: _tr("of this month"),
        Range.ALL: _tr("since the record began"),
    }[question.range]


def day(which: date) -> str:
    return f"{which.day} {which:%b %Y}"


def left_out(totals: Line) -> tuple[str, ...]:
    """What the dollars do not say, a sentence each."""
    sentences = []
    if totals["unpriced"]:
        sentences.append(
            _tr(
                "The price of %1 with %2 tokens is unknown, so no sum of dollars has them. Prices are set "
                'under [prices."provider/model"] in config.toml.'
            )
            .replace("%1", requests(totals["unpriced"]))
            .replace("%2", short_count(totals["unpriced_tokens"]))
        )
    if (subscription := totals["subscription"])["requests"]:
        sentences.append(
            _tr("A subscription paid for %1 with %2 tokens; they are in no sum of dollars.")
            .replace("%1", requests(subscription["requests"]))
            .replace("%2", short_count(subscription["tokens"]))
        )
    if totals["uncounted"]:
        sentences.append(_tr("Nobody told the tokens of %1.").replace("%1", requests(totals["uncounted"])))
    return tuple(sentences)


def requests(number: int) -> str:
    return _tr("1 request") if number == 1 else _tr("%1 requests").replace("%1", count(number))


def piece_name(piece: Mapping[str, str], unit: str, pieces: int) -> str:
    """A piece of time as it stands below a chart."""
    begin = datetime.fromisoformat(piece["label"])
    if unit == "hour":
        return begin.strftime("%H:%M" if pieces <= _HOURS_OF_A_DAY else "%a %H:%M")
    return begin.strftime("%b %Y") if unit == "month" else f"{begin.day} {begin:%b}"


def by_unit(unit: str) -> str:
    return {
        "hour": _tr("By the hour"),
        "day": _tr("By day"),
        "week": _tr("By week"),
        "month": _tr("By month"),
    }[unit]


_HOURS_OF_A_DAY = 25
"""On the day on which clocks are put back."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("usage", text)
