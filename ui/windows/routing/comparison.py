"""What was done with a request beside what would be done with it now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ui.models.columns import Row
from ui.windows.routing.words import tier_in_words, tr

Decision = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Past:
    """A request as it went. What it would come to now can be asked where its body is still in memory."""

    id: str
    when: float | None
    """Milliseconds since 1970."""
    client: str
    service: str | None
    tier: str | None
    sentence: str

    @classmethod
    def of_recent(cls, row: Row) -> "Past":
        return cls(
            row["id"], row["when"] * 1000, row["client"], row["service"], row["tier"], row["sentence"] or ""
        )

    @classmethod
    def of_record(cls, row: Mapping[str, Any]) -> "Past":
        decision = row["decision"] or {}
        return cls(
            row["id"],
            row["received"],
            row["client"] or "",
            row["service"],
            row["tier"],
            decision.get("sentence", ""),
        )


@dataclass(frozen=True, slots=True)
class Compared:
    """`then` and `now` are said one beneath the other where they differ."""

    summary: str
    then: str = ""
    now: str = ""

    @property
    def differs(self) -> bool:
        return bool(self.then)


def compared(past: Past, decision: Decision) -> Compared:
    is_same = past.service == decision["service"] and past.tier == decision["tier"]
    if is_same and past.service is None:
        return Compared(tr("Nobody could serve it then, and nobody could now."))
    if is_same:
        return Compared(tr("It went there then, and would go there again."))
    return Compared(
        tr("It would go elsewhere now than it went."),
        then=where(past.service, past.tier),
        now=where(decision["service"], decision["tier"]),
    )


def where(service: str | None, tier: str | None) -> str:
    if service is None:
        return tr("nobody")
    return tr("%1, %2").replace("%1", service).replace("%2", tier_in_words(tier))
