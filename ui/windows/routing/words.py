"""Routing in the words of people: sources, stages, sessions and the states of breakers."""

from collections.abc import Mapping
from typing import Any, Final

from proxy.config import TIER_NAMES
from ui import words
from ui.speech import Speech, later

tr = Speech("routing").tr

_SOURCES: Final = {
    "probe_pin": later("named by the request"),
    "passthrough": later("routing is off: by the model's name"),
    "cascade": later("tried small first"),
    "affinity": later("stays with its session"),
    "smart_routing": later("by a rule"),
    "tier": later("by its tier"),
    "load_balancer": later("by turns among equals"),
}
_STAGES: Final = {
    "probe_pin": later("Named service"),
    "passthrough": later("Model's name"),
    "cascade": later("Cascade"),
    "health": later("Health"),
    "smart_routing": later("Rules"),
    "tier": later("Tier"),
    "affinity": later("Session"),
    "load_balancer": later("Balance"),
}
_ORIGINS: Final = {
    "header": later("its client says so in a header"),
    "body": later("the request itself says so"),
    "call_ids": later("known by the tool calls in it"),
    "fingerprint": later("known by how it begins"),
    "ip": later("by the address it comes from"),
}
_SURFACES: Final = {
    "messages": "Anthropic Messages",
    "chat": "OpenAI Chat Completions",
    "responses": "OpenAI Responses",
    "gemini": "Gemini",
    "embeddings": "Embeddings",
}
"""Names of products, which are the same in every language."""


def source_in_words(source: str | None) -> str:
    return tr(_SOURCES[source]) if source in _SOURCES else source or words.UNKNOWN


def stage_in_words(stage: str) -> str:
    return tr(_STAGES[stage]) if stage in _STAGES else stage


def surface_in_words(surface: str) -> str:
    return _SURFACES.get(surface, surface)


def surfaces() -> Mapping[str, str]:
    return _SURFACES


def session_in_words(session: Mapping[str, Any]) -> str:
    """How it is known which session a request belongs to."""
    origin = session.get("from") or "none"
    if origin == "none" or session.get("id", origin) in ("", None):
        return tr("No session that is known")
    how = tr(_ORIGINS[origin]) if origin in _ORIGINS else origin
    told = tr("Session %1 (%2)") if "id" in session else tr("Session known: %2")
    return told.replace("%1", str(session.get("id"))).replace("%2", how)


def tier_in_words(got: str | None, wanted: str | None = None) -> str:
    """With the tier that the turn needs, where another one serves it."""
    if got is None:
        return tr("no tier")
    if wanted is None or wanted == got:
        return got
    is_more = got in TIER_NAMES and wanted in TIER_NAMES and TIER_NAMES.index(got) > TIER_NAMES.index(wanted)
    sentence = tr("%1 (%2 would do)") if is_more else tr("%1 (needs %2)")
    return sentence.replace("%1", got).replace("%2", wanted)


def sentence(text: str) -> str:
    """Reasons are clauses; here each stands alone. A service keeps its name as it is."""
    first = text.partition(" ")[0]
    return text if "/" in first else text[:1].upper() + text[1:]


def points(value: float) -> str:
    return f"{value:+.1f}".replace("-", "−")
