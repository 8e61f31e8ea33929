"""The estimate in words and a table, for people."""

from app.estimate.estimate import Estimate, in_usd
from app.estimate.rows import Row, unpriced
from app.estimate.skipped import Skipped
from app.table import table

_HEAD = ("client", "model", "requests", "input", "cache read", "cache write", "output", "cost")
_NAMES = 2  # columns of text, which stand to the left; numbers stand to the right
_CENT = 10_000_000  # nano-dollars


def told(estimate: Estimate) -> str:
    if not estimate.rows:
        return "\n".join([_nothing(estimate), *_left_out(estimate.findings.skipped)])
    return "\n".join(
        [
            f"Estimate for {_days(estimate)}, from your clients' own session logs.",
            "",
            *_table(estimate),
            "",
            f"At list prices of {estimate.prices.date} from {estimate.prices.source}, for tokens only.",
            "A subscription bills differently. What went through Tierwise is in these logs, too.",
            "Nothing of this is stored, or added to what Tierwise measures.",
            *_without_price(estimate),
            *_left_out(estimate.findings.skipped),
        ]
    )


def _nothing(estimate: Estimate) -> str:
    if estimate.findings.files or estimate.findings.older_files:
        return f"The session logs of your clients tell of no request for {_days(estimate)}."
    looked_in = ", ".join(str(folder) for folder in estimate.looked_in)
    return f"No session logs of Claude Code or Codex were found. Looked in {looked_in}."


def _days(estimate: Estimate) -> str:
    since, until = estimate.window.since.date(), estimate.window.until.date()
    days = estimate.window.days
    return f"today, {until}" if days == 1 else f"the {days} days from {since} to {until}"


def _table(estimate: Estimate) -> list[str]:
    rows = [_HEAD, *(_cells(row) for row in estimate.rows)]
    total = ("total", *[""] * (len(_HEAD) - _NAMES), _money(estimate.total))
    return table([*rows, total], names=_NAMES)


def _cells(row: Row) -> tuple[str, ...]:
    counts = (row.requests, row.input, row.cache_read, row.cache_write, row.output)
    return (row.client, row.model, *(f"{count:,}" for count in counts), _money(row.cost))


def _money(cost: int | None) -> str:
    if cost is None:
        return "no price known"
    if 0 < cost < _CENT:
        return "under $0.01"
    return f"${in_usd(cost):,.2f}"


def _without_price(estimate: Estimate) -> list[str]:
    models = unpriced(estimate.rows)
    return [f"No price is known for {', '.join(models)}; the total is without them."] if models else []


def _left_out(skipped: Skipped) -> list[str]:
    counts = {
        "folders that cannot be read": skipped.folders,
        "files that cannot be read": skipped.files,
        "lines that cannot be read": skipped.lines,
        "lines that are too long": skipped.long_lines,
    }
    said = [f"{what}: {count:,}" for what, count in counts.items() if count]
    return [f"Left out: {'; '.join(said)}."] if said else []
