"""Why a decision came out as it did: codes and numbers that are kept, and the sentences they stand for.

A reason's values are names from the configuration, numbers and our own words. Nothing of a prompt is ever one
of them, so reasons may be stored, shown and sent in headers.
"""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

Value = str | int | float | None


class Reason(Struct, frozen=True, array_like=True):
    """One finding of one stage."""

    code: str
    """The stage, a dot, and what it found; the sentence is looked up by it."""
    values: tuple[Value, ...] = ()

    @property
    def stage(self) -> str:
        return self.code.partition(".")[0]

    @property
    def text(self) -> str:
        """Readable also for a code of another version of the program."""
        form = SENTENCES.get(self.code)
        if form is None:
            return " ".join([self.code, *map(_shown, self.values)])
        try:
            return form.format(*map(_shown, self.values))
        except IndexError:
            return " ".join([self.code, *map(_shown, self.values)])


def reason(code: str, *values: Value) -> Reason:
    return Reason(code, values)


def _shown(value: Value) -> str:
    match value:
        case None:
            return "unknown"
        case int():
            return f"{value:,}"
        case float():
            return f"{value:.3g}"
        case str():
            return value


SENTENCES: Final[Mapping[str, str]] = {
    "probe_pin.asked": "the request names this service to try it",
    "passthrough.named": "the client asked for {0}",
    "passthrough.exact": "routing is off, and a service has exactly the model {0}",
    "passthrough.family": "routing is off; the model asked for is of the tier {0}",
    "passthrough.asked": "routing is off; the request itself asks for tier {0}",
    "passthrough.speaker": "no service is configured for this model, so it goes by its name to {0}",
    "passthrough.embeddings": "a service has exactly the embedding model {0}",
    "affinity.answer": "{0} gave the answer that the request goes on from",
    "health.kept": "{0} of {1} services can take the request",
    "health.inactive": "it is listed, but not active",
    "health.no_provider": "no provider is called {0}",
    "health.disabled": "the provider {0} is off",
    "health.leaves": "it would leave this machine, which local_only forbids",
    "health.no_key": "the provider {0} cannot be asked: {1}",
    "health.rejected": "every key of the provider {0} was refused",
    "health.no_tools": "the model cannot call tools, and the request offers {0}",
    "health.no_vision": "the model sees no images, and the request holds {0}",
    "health.no_schema": "the model keeps to no JSON schema, and the request demands one",
    "health.small": "the request has about {0} tokens, and the model takes {1}",
    "health.small_counted": "the request has {0} tokens, as its server counts them, and the model takes {1}",
    "health.cuts": "it would cut the prompt off in silence: about {0} tokens, and it has room for {1}",
    "health.unloaded": "its model is not loaded, and might be given room for {1} tokens only, while the "
    "request has about {0}",
    "health.passed_over": "{0} is passed over: {1}",
    "health.budget": "the budget is used up, and this service is not known to be free",
    "health.marked": "{0} is marked: {1}",
    "health.largest": "no model is known to be large enough for about {0} tokens, so the largest are asked",
    "health.unwell": "{0}",
    "smart_routing.outside": "it is not among the route's own services",
    "smart_routing.outside_rule": "it is not among those of rule {0}",
    "smart_routing.none": "there are no rules",
    "smart_routing.unmatched": "none of {0} rules applies",
    "smart_routing.matched": "rule {0} applies",
    "smart_routing.inherited": "a tool's result stays under rule {0}, as the turn it belongs to",
    "smart_routing.inherits_none": "a tool's result stays where its turn is; no rule applied to that",
    "smart_routing.nobody": "rule {0} applies, but none of its services can take the request: base pool",
    "smart_routing.unwell": "rule {0} applies, but all its services are unwell and others are not: base pool",
    "smart_routing.strict_nobody": "rule {0} applies and is strict, and none of its services can take the "
    "request",
    "smart_routing.broken": "rule {0} is left out: {1}",
    "smart_routing.forced": "rule {0} would apply, but the request itself says what it wants",
    "smart_routing.asked": "the request itself asks for tier {0}",
    "smart_routing.slow_strict": "rule {0} is strict and could not be judged in time, so it is taken to hold",
    "smart_routing.slow": "rule {0} is left out: its regular expression took too long",
    "smart_routing.embeddings": "rules about contents do not concern embeddings",
    "smart_routing.base_empty": "nobody of the route's own services can take the request; the tiers can",
    "tier.score": "a score of {0} means tier {1}",
    "tier.slack": "a score of {0} is too close to the threshold to leave tier {1}",
    "tier.short_reply": "a short reply goes on with what was asked before, in tier {0}",
    "tier.wordless": "nothing was said, so the session goes on in tier {0}",
    "tier.said_before": "a short reply goes on with what was asked before: its score of {0} means tier {1}",
    "tier.header": "a header asks for tier {0}",
    "tier.command": "the user asks for tier {0}",
    "tier.override": "tier {0} is set for everything for now",
    "tier.model": "the model's name asks for tier {0}",
    "tier.rule": "rule {0} asks for tier {1}",
    "tier.inherited": "a tool's result stays in tier {0}, as the turn it belongs to",
    "tier.budget": "tier {0} would be right, but the budget is used up, so it is SIMPLE",
    "tier.off": "tier {0} is off or has nobody who can take the request: {1} instead",
    "tier.thought": "the request asks for thought, which {0} of the services cannot give",
    "tier.no_thought": "the model cannot think, and a hard turn asks for it",
    "tier.services": "the rule names its services, so tiers do not matter",
    "affinity.off": "sessions are not kept together",
    "affinity.side": "a {0} call neither follows nor sets where its session goes",
    "affinity.no_session": "the request does not say which session it belongs to",
    "affinity.no_pin": "the session has no service yet",
    "affinity.no_tools": "no tool was used in this session, so it is free to move",
    "affinity.call": "{0} asked for the tool whose result this is",
    "affinity.tool_turn": "a tool's result goes to {0}, which asked for it",
    "affinity.pinned": "the session stays with {0}, where it is for {1} min",
    "affinity.only": "the session stays with {0}: it is unwell, but nobody who is well could take over",
    "affinity.history": "the session has used tools, so it stays with {0}",
    "affinity.expired": "the session was with {0}, too long ago",
    "affinity.other_model": "the session was with {0}, but now asks for another model",
    "affinity.changed": "the session was with {0}, whose configuration has changed",
    "affinity.gone": "the session was with {0}, which cannot take this request",
    "affinity.elsewhere": "the session was with {0}, which is not among those chosen here",
    "affinity.broken": "the session was with {0}, which fails too often",
    "affinity.unwell": "the session was with {0}, which is unwell while others are not",
    "affinity.forced": "the session was with {0}, but this turn asks for tier {1}",
    "affinity.up": "the session was with {0} in tier {1}, but this turn needs {2}",
    "affinity.down": "the session was with {0} in tier {1}; its prompt cache is cold, so {2} can take over",
    "affinity.restarted": "the session was with {0} in tier {1}; its prompt begins anew, so {2} takes over",
    "affinity.spent": "the session was with {0} in tier {1}; the budget is used up, so it goes to {2}",
    "affinity.free": "the session was with {0} in tier {1}; going costs nothing, so {2} can take over",
    "affinity.pays": "the session was with {0} in tier {1}; over {3} turns {2} costs ${5} against ${4}, "
    "reading {6} cached tokens again included",
    "affinity.stays": "tier {0} would do, but over {2} turns {1} costs ${3} and going ${4}, for {5} "
    "cached tokens would be read again",
    "affinity.local": "tier {0} would do, but {1} would have to give up {2} tokens that it has read",
    "affinity.unpriced": "tier {0} would do, but {1} has {2} tokens cached, and what going costs is unknown",
    "affinity.budget": "the session was with {0}, but the budget is used up",
    "affinity.unpromoted": "{0} comes first, but to leave the prompt that {1} has cached does not pay",
    "affinity.promoted": "the session was with {0}; {1} comes first and has been well for a minute",
    "load_balancer.only": "{0} is the only one left",
    "load_balancer.tactic": "{0} among {1} by {2}: {3}",
    "load_balancer.explored": "{0} among {1}, as one of the few turns under {2} that try another",
    "load_balancer.unwell": "only unwell services are left, and {0} recovers first",
    "load_balancer.nobody": "no service available for route {0}",
}
