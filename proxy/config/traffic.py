"""How requests come in and how they are kept together: [server], [routing], [affinity] and [health]."""

from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from proxy.config.address import is_loopback
from proxy.config.table import Finding, Table

Profile = Literal["save", "balanced", "quality"]


class ServerConfig(Table, frozen=True, kw_only=True):
    """Where the gateway listens."""

    host: Annotated[
        str, Meta(min_length=1, description="Address to listen on; anything but loopback needs allow_remote.")
    ] = "127.0.0.1"
    port: Annotated[
        int,
        Meta(
            ge=0,
            le=65535,
            description="Port to listen on; it never moves by itself, because clients hold the URL. "
            "0 takes a free one at each start, which no configured client can follow.",
        ),
    ] = 4517
    allow_remote: Annotated[
        bool, Meta(description="Let other machines connect; they need a token, and a warning is shown.")
    ] = False
    max_body_mb: Annotated[
        int, Meta(ge=1, le=1024, description="Largest request body accepted, in megabytes.")
    ] = 64

    def findings(self) -> Iterator[Finding]:
        if self.host.startswith("["):
            bare = self.host.strip("[]")
            yield Finding(("host",), f'found "{self.host}"; write the address without brackets: "{bare}"')
        elif not self.allow_remote and not is_loopback(self.host):
            message = (
                f'found "{self.host}", which other machines can reach; '
                "allowed: a loopback address, or set allow_remote = true"
            )
            yield Finding(("host",), message)


class RoutingConfig(Table, frozen=True, kw_only=True):
    """Whether and how requests are spread over the tiers."""

    enabled: Annotated[
        bool,
        Meta(description="Off: every request goes to the service that serves the model it asked for."),
    ] = True
    profile: Annotated[
        Profile,
        Meta(description="Shifts the thresholds: save by +10, quality by -10, balanced not at all."),
    ] = "balanced"
    thresholds: Annotated[
        tuple[Annotated[float, Meta(ge=0, le=100)], ...],
        Meta(
            min_length=3,
            max_length=3,
            description="Scores from which a request goes to MEDIUM, COMPLEX and REASONING, ascending.",
        ),
    ] = (20, 50, 75)
    local_only: Annotated[
        bool,
        Meta(description="Nothing leaves this machine: an error instead of a hosted model."),
    ] = False
    deadline: Annotated[
        float,
        Meta(
            ge=1,
            le=86400,
            description="Seconds for all attempts of one exchange until the first byte of its answer.",
        ),
    ] = 600

    def findings(self) -> Iterator[Finding]:
        if list(self.thresholds) != sorted(set(self.thresholds)):
            found = ", ".join(f"{value:g}" for value in self.thresholds)
            yield Finding(("thresholds",), f"found [{found}]; allowed: three ascending numbers")


AffinityMode = Annotated[
    Literal["tool_turn", "tool_history", "off"],
    Meta(
        description="When a session stays with its service: tool_turn never moves it between a tool call "
        "and its result, tool_history serves it by its pin whenever its history holds tool calls."
    ),
]
AffinityScope = Annotated[
    Literal["partition", "route"],
    Meta(description="One pin per matched rule, or one per session, honoured before rules and tier."),
]
AnonymousIdentity = Annotated[
    Literal["call_ids", "fingerprint", "ip", "none"],
    Meta(description="How requests without any session id are recognised."),
]
PinSeconds = Annotated[int, Meta(ge=1, le=2592000, description="Seconds a pin lives after it was written.")]
PinSliding = Annotated[bool, Meta(description="A served turn renews its pin, up to max_age.")]
PinMaxAge = Annotated[int, Meta(ge=1, le=2592000, description="Seconds after which a pin is not renewed.")]
PinCount = Annotated[
    int, Meta(ge=1, le=1000000, description="Pins kept at most; the oldest written goes first.")
]


class AffinityOverrides(Table, frozen=True, kw_only=True):
    """The keys of [affinity] that a route sets for itself; None is not set."""

    mode: AffinityMode | None = None
    scope: AffinityScope | None = None
    anonymous: AnonymousIdentity | None = None
    ttl: PinSeconds | None = None
    sliding: PinSliding | None = None
    max_age: PinMaxAge | None = None
    max_sessions: PinCount | None = None


class AffinityConfig(Table, frozen=True, kw_only=True):
    """How a conversation stays with the service that answered it."""

    mode: AffinityMode = "tool_turn"
    scope: AffinityScope = "partition"
    anonymous: AnonymousIdentity = "call_ids"
    ttl: PinSeconds = 3600
    sliding: PinSliding = True
    max_age: PinMaxAge = 43200
    max_sessions: PinCount = 2000

    def overridden_by(self, overrides: AffinityOverrides) -> "AffinityConfig":
        """This affinity with a route's own keys in place of the general ones."""
        own = {key: value for key, value in msgspec.structs.asdict(overrides).items() if value is not None}
        return msgspec.structs.replace(self, **own)


class HealthConfig(Table, frozen=True, kw_only=True):
    """When a failing service is left alone, and how it comes back."""

    failures: Annotated[
        int, Meta(ge=1, le=1000, description="Failures in a row that open a service's breaker.")
    ] = 3
    error_share: Annotated[
        float,
        Meta(gt=0, le=1, description="Share of failures within the window that opens it as well."),
    ] = 0.5
    window: Annotated[
        float,
        Meta(ge=1, le=86400, description="Seconds the share is measured over, from 10 samples on."),
    ] = 60
    open_seconds: Annotated[
        float,
        Meta(ge=1, le=86400, description="Seconds an open breaker waits before it lets a probe through."),
    ] = 30
    successes: Annotated[
        int, Meta(ge=1, le=1000, description="Successful probes in a row that close the breaker.")
    ] = 2
    rate_limit_seconds: Annotated[
        float,
        Meta(ge=1, le=900, description="Seconds to wait after a rate limit that names no time itself."),
    ] = 60
