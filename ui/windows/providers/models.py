"""The models of a provider as rows: what is known of each in words, what it costs, and where it serves."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from msgspec.structs import asdict

from app.settings import Settings
from ui.models.columns import Row as Told
from ui.windows.providers.words import sentence, tr
from ui.words import UNKNOWN, money, short_count

Row = dict[str, Any]
Model = Mapping[str, Any]
KINDS_OF_PRICES: Final = ("input", "output", "cache_read", "cache_write")


def model_rows(models: Iterable[Model], prices: Mapping[str, Any]) -> list[Row]:
    """`prices` are the page of prices; empty where they could not be had."""
    by_service = {each["service"]: each for each in prices.get("services", ())}
    return [_row(each, by_service.get(each["service"])) for each in models]


def matching(rows: Sequence[Row], words: str) -> list[Row]:
    """Those that have all of the words in their name, label or tiers."""
    wanted = words.casefold().split()
    return [row for row in rows if all(word in row["searched"] for word in wanted)]


def _row(model: Model, price: Mapping[str, Any] | None) -> Row:
    rates = None if price is None else price["prices"]
    return {
        "service": model["service"],
        "model": model["model"],
        "label": model["label"],
        "context": UNKNOWN if model["context"] is None else short_count(model["context"]),
        "tools": in_a_word(model["tools"]),
        "vision": in_a_word(model["vision"]),
        "thinking": in_a_word(model["thinking"]),
        "listed": model["listed"],
        "tiers": tuple(model["tiers"]),
        "tiers_told": ", ".join(model["tiers"]) or UNKNOWN,
        "price": tr("free") if _is_here(price) else price_told(rates),
        "rates": rates,
        "source": "" if price is None else price["source"],
        "searched": " ".join((model["model"], model["label"], *model["tiers"])).casefold(),
    }


def in_a_word(known: object) -> str:
    """Yes, no, or a dash for what nobody knows."""
    if known is None:
        return UNKNOWN
    return tr("yes") if known else tr("no")


def price_told(rates: Mapping[str, float | None] | None) -> str:
    """Of a million tokens: input, output."""
    if rates is None:
        return UNKNOWN
    return f"{money(rates['input'])} / {money(rates['output'])}"


def told(row: Told) -> str:
    """One model in sentences, for the line beneath the table and for screen readers."""
    name = row["model"] if row["label"] in ("", row["model"]) else f"{row['label']} ({row['model']})"
    serves = tr("serves %1", row["tiers_told"]) if row["tiers"] else tr("serves in no tier")
    sentences = [
        f"{name}: {serves}.",
        tr(
            "Context %1; tools: %2; images: %3; thinking: %4.",
            row["context"],
            row["tools"],
            row["vision"],
            row["thinking"],
        ),
        sentence(_cost(row)),
    ]
    if row["listed"] is False:  # None where there is no list at all, which `list_told` says once
        sentences.append(tr("The provider has not listed it."))
    return " ".join(sentences)


def _is_here(price: Mapping[str, Any] | None) -> bool:
    """Whether it costs nothing because it runs on this computer."""
    return price is not None and price["source"] == "local"


def _cost(row: Told) -> str:
    if row["source"] == "local":
        return tr("it costs nothing, for it runs on this computer")
    if row["rates"] is None:
        return tr("its price is unknown")
    source = tr("by your own price list") if row["source"] == "user" else ""
    whole = tr(
        "A million tokens cost %1 in and %2 out", money(row["rates"]["input"]), money(row["rates"]["output"])
    )
    return f"{whole}, {source}" if source else whole


def own_price(settings: Settings, service: str) -> dict[str, float]:
    """What the user's own list says; empty where the one that came with Tierwise holds."""
    own = settings.prices.get(service)
    return {} if own is None else {kind: rate for kind, rate in asdict(own).items() if rate is not None}


def list_told(rows: Sequence[Row], *, is_on: bool) -> str:
    """Where the models are known from, where the provider has not told; empty where it has."""
    if any(row["listed"] is not None for row in rows):
        return ""
    if not is_on:
        return tr(
            "It is off, so its list was not asked for: these are configured, or suggested to begin with."
        )
    return tr("The provider's list could not be had: these are configured, or suggested to begin with.")
