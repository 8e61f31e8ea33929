"""What can be chosen: services, and the tiers that pool them."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Final, Literal, get_args

import msgspec
from msgspec import Meta

from proxy.config.table import Finding, Table

TierName = Literal["SIMPLE", "MEDIUM", "COMPLEX", "REASONING"]
TIER_NAMES: Final[tuple[TierName, ...]] = get_args(TierName)
"""From the cheapest to the strongest."""

Tactic = Literal["priority", "random", "round_robin", "latency", "speed", "least_tokens", "capacity"]


class ServiceEntry(Table, frozen=True):
    """One model of one provider, and how it takes part in its pool.

    In the file it may be the text `provider/model`: it splits at the first slash, the rest is the model.
    """

    text_form: ClassVar[str] = '"provider/model"'

    provider: Annotated[str, Meta(min_length=1, description="Name of the provider's table.")]
    model: Annotated[str, Meta(min_length=1, description="The provider's name for the model.")]
    weight: Annotated[
        int,
        Meta(
            ge=0,
            le=1000000,
            description="Share under the random tactic; 0 gets nothing beside positive weights.",
        ),
    ] = 1
    priority: Annotated[
        int, Meta(ge=0, le=1000000, description="Order under the priority tactic, lower first.")
    ] = 0
    active: Annotated[bool, Meta(description="Off: listed, but never chosen.")] = True
    capacity: Annotated[
        int, Meta(ge=0, le=1000000, description="Seats under the capacity tactic; 0: no limit.")
    ] = 0
    params: Annotated[
        Mapping[str, Any],
        Meta(description="Parameters set in every request to this service, such as effort."),
    ] = msgspec.field(default_factory=dict)

    @classmethod
    def from_text(cls, text: str) -> "ServiceEntry":
        """Read the short form; ValueError says what is wrong with it."""
        provider, slash, model = text.partition("/")
        if not (slash and provider and model):
            raise ValueError(f'found "{text}"; allowed: {cls.text_form}')
        return cls(provider, model)

    @property
    def name(self) -> str:
        """The short form: what a service is called everywhere."""
        return f"{self.provider}/{self.model}"

    def findings(self) -> Iterator[Finding]:
        if "/" in self.provider:
            yield Finding(("provider",), f'found "{self.provider}"; no provider\'s name contains a slash')


class TierConfig(Table, frozen=True, kw_only=True):
    """A named pool for a band of difficulty."""

    enabled: Annotated[bool, Meta(description="Off: its traffic goes to the next tier up, else down.")] = True
    tactic: Annotated[Tactic, Meta(description="How one of its services is chosen.")] = "priority"
    services: Annotated[
        tuple[ServiceEntry, ...],
        Meta(description="Its services, each a table or the text provider/model."),
    ] = ()


def service_text_findings(key: str, text: str) -> Iterator[Finding]:
    """Complain about a text that should name a service; empty is none."""
    if text:
        try:
            ServiceEntry.from_text(text)
        except ValueError as error:
            yield Finding((key,), str(error))
