"""The estimate as a whole, and as JSON for programs."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from app.estimate.places import Place
from app.estimate.reading import Findings
from app.estimate.rows import Pricing, Row, rows_of, total_of, unpriced
from app.estimate.window import Window
from proxy.money.cost import NANO


@dataclass(frozen=True, slots=True)
class PriceList:
    """The list that all of it is priced with."""

    date: str
    source: str


@dataclass(frozen=True, slots=True)
class Estimate:
    window: Window
    prices: PriceList
    findings: Findings
    rows: Sequence[Row]
    looked_in: Sequence[Path]

    @property
    def total(self) -> int | None:
        return total_of(self.rows)

    @property
    def sessions(self) -> int:
        return len({(request.client, request.session) for request in self.findings.requests})

    def as_json(self) -> dict[str, Any]:
        return {
            "estimate": True,
            "days": self.window.days,
            "since": self.window.since.isoformat(timespec="seconds"),
            "until": self.window.until.isoformat(timespec="seconds"),
            "prices": asdict(self.prices),
            "rows": [_row_as_json(row) for row in self.rows],
            "total_usd": in_usd(self.total),
            "unpriced": unpriced(self.rows),
            "sessions": self.sessions,
            "files": self.findings.files,
            "older_files": self.findings.older_files,
            "skipped": asdict(self.findings.skipped),
            "looked_in": [str(folder) for folder in self.looked_in],
        }


def estimate_of(
    findings: Findings, pricing: Pricing, prices: PriceList, window: Window, places: Sequence[Place]
) -> Estimate:
    return Estimate(
        window=window,
        prices=prices,
        findings=findings,
        rows=rows_of(findings.requests, pricing),
        looked_in=[place.folder for place in places],
    )


def in_usd(cost: int | None) -> float | None:
    return None if cost is None else cost / NANO


def _row_as_json(row: Row) -> dict[str, Any]:
    return {
        "client": row.client,
        "model": row.model,
        "requests": row.requests,
        "input_tokens": row.input,
        "cache_read_tokens": row.cache_read,
        "cache_write_tokens": row.cache_write,
        "output_tokens": row.output,
        "cost_usd": in_usd(row.cost),
    }
