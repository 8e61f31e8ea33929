"""Which requests go where: [[routes]] and [[rules]] with their conditions."""

from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, Final, Literal, TypeVar

import msgspec
from msgspec import Meta

from proxy.config.services import ServiceEntry, Tactic, TierName
from proxy.config.table import Finding, Table
from proxy.config.traffic import AffinityOverrides

OPS_ALONE: Final = frozenset({"absent", "disabled", "enabled", "present"})
"""Ops that ask whether the signal is there, and compare it with nothing."""

ConditionValue = str | float | bool | tuple[str | float | bool, ...]


class Condition(Table, frozen=True, kw_only=True):
    """A test of one signal, or any / all / not over other conditions: exactly one of the four."""

    signal: Annotated[str, Meta(description="What is looked at, such as tokens, kind, model or time.")] = ""
    op: Annotated[str, Meta(description="How it is compared, such as equals, contains, ge or between.")] = ""
    value: Annotated[
        ConditionValue | None, Meta(description="What it is compared with: a text, a number, or several.")
    ] = None
    ignore_case: Annotated[
        bool, Meta(description="Capital and small letters are the same, for ops that compare texts.")
    ] = False
    any_of: Annotated[
        tuple["Condition", ...], Meta(description="Holds if one of these conditions holds.")
    ] = msgspec.field(name="any", default=())
    all_of: Annotated[tuple["Condition", ...], Meta(description="Holds if all of these conditions hold.")] = (
        msgspec.field(name="all", default=())
    )
    negated: Annotated["Condition | None", Meta(description="Holds if this condition does not.")] = (
        msgspec.field(name="not", default=None)
    )

    def findings(self) -> Iterator[Finding]:
        is_test = bool(self.signal or self.op or self.value is not None or self.ignore_case)
        forms = is_test + bool(self.any_of) + bool(self.all_of) + (self.negated is not None)
        if forms != 1:
            found = "an empty condition" if not forms else "several forms at once"
            message = f"found {found}; allowed: signal with op and value, any, all, or not"
            yield Finding((), message)
        elif is_test and not (self.signal and self.op and (self.value is not None or self.op in OPS_ALONE)):
            alone = ", ".join(sorted(OPS_ALONE))
            yield Finding((), f"a test needs signal, op and value; only the ops {alone} need no value")


class RuleConfig(Table, frozen=True, kw_only=True):
    """Ordered conditions; the first rule whose conditions all hold narrows the choice."""

    name: Annotated[str, Meta(description="What windows and explanations call it; default: its number.")] = ""
    when: Annotated[
        tuple[Condition, ...],
        Meta(description="Conditions that must all hold; none: the rule always holds."),
    ] = ()
    tier: Annotated[TierName | None, Meta(description="Force this tier; or name services.")] = None
    services: Annotated[
        tuple[ServiceEntry, ...], Meta(description="Narrow to these services; or name a tier.")
    ] = ()
    strict: Annotated[
        bool, Meta(description="Never leave these services or this tier, not even in failover.")
    ] = False

    def findings(self) -> Iterator[Finding]:
        if self.tier and self.services:
            yield Finding((), "found both tier and services; set one of them")
        if not self.tier and not self.services:
            yield Finding((), "found neither tier nor services; set one of them")


class RouteConfig(Table, frozen=True, kw_only=True):
    """Requests that belong together, and where they go. The first route that matches wins."""

    name: Annotated[str, Meta(description="What windows and explanations call it; default: its number.")] = ""
    client: Annotated[
        str, Meta(min_length=1, description="Id of the client it matches, such as claude-code; *: any.")
    ] = "*"
    surface: Annotated[
        Literal["*", "messages", "chat", "responses", "gemini", "embeddings"],
        Meta(description="The interface it matches; *: any."),
    ] = "*"
    model: Annotated[
        str, Meta(min_length=1, description="Pattern of the requested models it matches; *: any.")
    ] = "*"
    profile: Annotated[
        str, Meta(description="Matches /c/CLIENT@PROFILE only; empty: requests with and without one.")
    ] = ""
    use: Annotated[
        Literal["tiers", "pool"],
        Meta(description="Spread over the tiers by score, or use this route's own services."),
    ] = "tiers"
    tactic: Annotated[Tactic, Meta(description="How one of the route's own services is chosen.")] = "priority"
    services: Annotated[
        tuple[ServiceEntry, ...], Meta(description="The route's own services, for use = pool.")
    ] = ()
    tiers: Annotated[
        Mapping[TierName, tuple[ServiceEntry, ...]],
        Meta(description="Services that replace those of a tier on this route."),
    ] = msgspec.field(default_factory=dict)
    strict: Annotated[bool, Meta(description="Never leave this route's services, not even in failover.")] = (
        False
    )
    local_only: Annotated[bool, Meta(description="Nothing of this route leaves this machine.")] = False
    affinity: Annotated[
        AffinityOverrides, Meta(description="Keys of [affinity] with another value on this route.")
    ] = AffinityOverrides()
    inherit_rules: Annotated[
        bool, Meta(description="The top-level rules apply too, after this route's own.")
    ] = True
    rules: Annotated[tuple[RuleConfig, ...], Meta(description="Rules of this route alone.")] = ()

    def __post_init__(self) -> None:
        msgspec.structs.force_setattr(self, "rules", numbered(self.rules))


Named = TypeVar("Named", RuleConfig, RouteConfig)


def numbered(entries: tuple[Named, ...]) -> tuple[Named, ...]:
    """The entries, each unnamed one called by its number, or a longer name where the number is taken."""
    taken = {entry.name for entry in entries}
    return tuple(
        entry if entry.name else msgspec.structs.replace(entry, name=_free_name(str(number), taken))
        for number, entry in enumerate(entries, start=1)
    )


def _free_name(number: str, taken: Collection[str]) -> str:
    name = number
    while name in taken:
        name += " (unnamed)"
    return name
