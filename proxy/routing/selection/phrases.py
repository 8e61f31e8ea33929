"""How findings sound within one sentence that has already said which service it is about."""

from collections.abc import Mapping
from typing import Final

from proxy.routing.selection.reasons import SENTENCES, Reason, Value

SEVERAL_BROKEN: Final = "smart_routing.several_broken"
"""Said in one sentence only, in the place of as many findings of `smart_routing.broken`."""
ASIDES: Final = frozenset(
    {"health.marked", "health.passed_over", "smart_routing.broken", "smart_routing.slow", SEVERAL_BROKEN}
)
"""What was noticed on the way, and did not settle who is asked."""

TAILS: Final[Mapping[str, str]] = {
    "affinity.pinned": " in a session pinned {1} min ago",
    "affinity.only": " in a session pinned {1} min ago",
    "affinity.history": " in a session that has used tools",
    "affinity.call": " for the service that asked for it",
    "affinity.tool_turn": " for the service that asked for it",
    "tier.score": " that needs the {1:tier} tier (score {0})",
    "tier.inherited": " in the {0:tier} tier, as the turn it belongs to",
}
"""What follows right upon the words for the turn. Of several the first in this table does."""

_OWN: Final[Mapping[str, str]] = {
    "probe_pin.asked": "the request names it, to try it",
    "passthrough.named": "the client asked for it by name",
    "passthrough.exact": "routing is off, and it has exactly the model asked for",
    "passthrough.asked": "routing is off, and the request itself asks for the {0:tier} tier",
    "passthrough.family": "routing is off, and the model asked for is of the {0:tier} tier",
    "passthrough.embeddings": "it has exactly the embedding model asked for",
    "affinity.answer": "it gave the answer that the request goes on from",
    "affinity.only": "it is unwell, but nobody who is well could take over",
    "affinity.forced": "the session was with {0}, but this turn asks for the {1:tier} tier",
    "affinity.up": "the session was with {0} in the {1:tier} tier, but this turn needs the {2:tier} tier",
    "affinity.down": "the prompt cache of {0} is cold, so the {2:tier} tier takes over from {1:tier}",
    "affinity.restarted": "the session's prompt is a new one, so the {2:tier} tier takes over from {1:tier}",
    "affinity.spent": "the budget is used up, so the {2:tier} tier takes over from {1:tier}",
    "affinity.free": "going costs nothing, so the {2:tier} tier takes over from {1:tier}",
    "affinity.pays": "over {3} turns the {2:tier} tier costs ${5} against ${4} at {0}, so it takes over",
    "affinity.stays": "the {0:tier} tier would do, but over {2} turns staying costs ${3} and going ${4}",
    "affinity.local": "the {0:tier} tier would do, but the prompt is still cached here ({2} tokens)",
    "affinity.unpriced": "the {0:tier} tier would do, but the prompt is still cached here ({2} tokens), and "
    "what going would cost is unknown",
    "smart_routing.nobody": "rule {0} applies, but none of its services can take the request",
    "smart_routing.unwell": "rule {0} applies, but all its services are unwell and others are not",
    "smart_routing.broken": "rule {0} is broken and left out",
    SEVERAL_BROKEN: "{0} rules are broken and left out",
    "smart_routing.base_empty": "none of the route's own services can take the request, so the tiers do",
    "smart_routing.inherited": "rule {0} applies, as it did to the turn before",
    "smart_routing.asked": "the request itself asks for the {0:tier} tier",
    "tier.slack": "its score of {0} is too close to the threshold to leave the {1:tier} tier",
    "tier.short_reply": "a short reply goes on in the {0:tier} tier",
    "tier.wordless": "nothing was said, so it goes on in the {0:tier} tier",
    "tier.said_before": "a short reply goes on with what needs the {1:tier} tier (score {0})",
    "tier.command": "the user asks for the {0:tier} tier",
    "tier.override": "the {0:tier} tier is set for everything for now",
    "tier.header": "a header asks for the {0:tier} tier",
    "tier.model": "the model's name asks for the {0:tier} tier",
    "tier.rule": "rule {0} asks for the {1:tier} tier",
    "tier.budget": "the budget is used up, so the simple tier stands in for the {0:tier} tier",
    "tier.off": "the {0:tier} tier is off or has nobody for the request, so the {1:tier} tier stands in",
    "load_balancer.only": "it is the only one left",
    "load_balancer.tactic": "chosen among {1} {2:tactic}",
    "load_balancer.explored": "one of the few turns that try another of {1} services",
    "load_balancer.unwell": "only unwell services are left, and it recovers first",
}
"""Where the words for a finding by itself would name the service again, or are not the best here."""

_UNSAID: Final = frozenset(
    {
        "affinity.no_pin",
        "affinity.no_session",
        "affinity.no_tools",
        "affinity.off",
        "affinity.side",
        "health.kept",
        "load_balancer.tier",
        "smart_routing.embeddings",
        "smart_routing.inherits_none",
        "smart_routing.none",
        "smart_routing.unmatched",
        "tier.services",
    }
)
"""That nothing is the matter, and what the words for the turn say already."""

_TACTICS: Final[Mapping[str, str]] = {
    "priority": "by priority",
    "random": "by chance",
    "round_robin": "in turn",
    "latency": "by latency",
    "speed": "by speed",
    "least_tokens": "by the fewest tokens",
    "capacity": "by free seats",
}


class _Said(str):
    """A value that is said as what it is: `tier` in small letters, `tactic` in words."""

    __slots__ = ()

    def __format__(self, meaning: str) -> str:
        match meaning:
            case "tier":
                return self.lower()
            case "tactic":
                return _TACTICS.get(self, f"by {self}")
            case _:
                return str(self)


def tail_of(found: Reason) -> str:
    """What follows upon the words for the turn; empty for all other findings."""
    if found.code in ("affinity.pinned", "affinity.only") and found.values[1:] == (0,):
        return " in a session pinned just now"
    return _filled(TAILS.get(found.code, ""), found.values)


def clause_of(found: Reason) -> str:
    """The finding between two semicolons; empty where it is not worth a word or not known."""
    if found.code in _UNSAID:
        return ""
    if found.code == "health.marked":
        return _marked(found.values)
    own = _OWN.get(found.code)
    if own is not None:
        return _filled(own, found.values)
    return _clause(found.text) if found.code in SENTENCES else ""


def _marked(values: tuple[Value, ...]) -> str:
    service, why = (*map(str, values), "", "")[:2]
    return f"{service} is not well ({_clause(why)})" if service and why else ""


def _clause(text: str) -> str:
    """Without the capital and the full stop that it has where it stands alone."""
    text = text.rstrip(". ")
    return text[:1].lower() + text[1:] if text.startswith(("The ", "It ", "No ")) else text


def _filled(form: str, values: tuple[Value, ...]) -> str:
    """Empty where another version has found it, with other values."""
    try:
        return form.format(*[_Said(_shown(value)) for value in values])
    except IndexError:
        return ""


def _shown(value: Value) -> str:
    match value:
        case int():
            return f"{value:,}"
        case float():
            return f"{value:.3g}"
        case None:
            return "unknown"
        case str():
            return value
