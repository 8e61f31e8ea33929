"""What the gateway does beside answering: from the cascade over record, budgets and prices to discovery."""

from collections.abc import Iterator
from typing import Annotated, Literal

from msgspec import Meta

from proxy.config.address import address_findings
from proxy.config.duration import seconds_of
from proxy.config.services import TIER_NAMES, TierName, service_text_findings
from proxy.config.table import SENSITIVE, Finding, Table


class CascadeConfig(Table, frozen=True, kw_only=True):
    """Ask a small model first and keep its answer when it is good enough."""

    enabled: Annotated[bool, Meta(description="Ask a small model first.")] = False
    threshold: Annotated[
        float, Meta(ge=0, le=1, description="Confidence from which the small answer is served.")
    ] = 0.85
    tiers: Annotated[
        tuple[TierName, ...], Meta(description="Tiers whose requests are tried on the small model first.")
    ] = ("MEDIUM", "COMPLEX")
    small: Annotated[str, Meta(min_length=1, description="The small model: a tier, or provider/model.")] = (
        "SIMPLE"
    )
    judge: Annotated[
        str,
        Meta(description="Model asked where no deterministic check decides, as provider/model; empty: none."),
    ] = ""
    judge_timeout: Annotated[
        float, Meta(gt=0, le=600, description="Seconds the judge may take; then its voice is not counted.")
    ] = 5
    streams: Annotated[
        bool, Meta(description="Also for streamed requests, by holding back the small answer's beginning.")
    ] = False
    tool_turns: Annotated[
        bool, Meta(description="Also for turns that offer tools or carry their results.")
    ] = False
    hold_tokens: Annotated[
        int, Meta(ge=1, le=100000, description="Tokens of a small answer held back before it is judged.")
    ] = 200
    hold_seconds: Annotated[
        float, Meta(gt=0, le=600, description="Seconds a small answer is held back at most.")
    ] = 6

    def findings(self) -> Iterator[Finding]:
        yield from service_text_findings("judge", self.judge)
        if self.small not in TIER_NAMES and "/" not in self.small:
            allowed = ", ".join(TIER_NAMES)
            yield Finding(("small",), f'found "{self.small}"; allowed: {allowed} or "provider/model"')
        elif self.small not in TIER_NAMES:
            yield from service_text_findings("small", self.small)


class ShadowConfig(Table, frozen=True, kw_only=True):
    """Let another policy decide beside the active one, without any effect, and compare."""

    policy: Annotated[str, Meta(description="Name of a registered policy; empty: none.")] = ""
    sample: Annotated[float, Meta(ge=0, le=1, description="Share of the requests it sees.")] = 1.0


class LearningConfig(Table, frozen=True, kw_only=True):
    """Adjust the score to how earlier turns went."""

    enabled: Annotated[bool, Meta(description="Learn from the outcome of earlier turns.")] = False


class SavingsConfig(Table, frozen=True, kw_only=True):
    """What spending is compared with."""

    reference: Annotated[
        str,
        Meta(
            description="Baseline as provider/model where the requested model is an alias, a tier "
            "or unpriced; empty: none."
        ),
    ] = ""

    def findings(self) -> Iterator[Finding]:
        yield from service_text_findings("reference", self.reference)


class LedgerConfig(Table, frozen=True, kw_only=True):
    """How much of the record is kept."""

    retention_days: Annotated[
        int, Meta(ge=1, le=36500, description="Days an exchange stays in the record.")
    ] = 365
    max_mb: Annotated[
        int, Meta(ge=1, le=1048576, description="Size of the record in megabytes; the oldest goes first.")
    ] = 1024
    keep_bodies_days: Annotated[
        int, Meta(ge=0, le=36500, description="Days prompts and answers are kept; 0: never stored.")
    ] = 0


class BudgetsConfig(Table, frozen=True, kw_only=True):
    """How much may be spent, and what happens then."""

    daily_usd: Annotated[float, Meta(ge=0, description="Dollars per local day; 0: no limit.")] = 0.0
    monthly_usd: Annotated[float, Meta(ge=0, description="Dollars per local month; 0: no limit.")] = 0.0
    action: Annotated[
        Literal["warn", "cheaper", "stop"],
        Meta(description="Beyond it: notify, keep to the SIMPLE tier, or use nothing that costs money."),
    ] = "warn"


class PriceConfig(Table, frozen=True, kw_only=True):
    """Prices of one service in US dollars per million tokens; an absent one is the catalogue's."""

    input: Annotated[float, Meta(ge=0, le=1000000, description="Input that no cache served.")] | None = None
    output: Annotated[float, Meta(ge=0, le=1000000, description="Output, reasoning included.")] | None = None
    cache_read: (
        Annotated[float, Meta(ge=0, le=1000000, description="Input read from the prompt cache.")] | None
    ) = None
    cache_write: (
        Annotated[float, Meta(ge=0, le=1000000, description="Input written to the prompt cache.")] | None
    ) = None


class LocalServer(Table, frozen=True):
    """A model server beside those that are found."""

    url: Annotated[str, Meta(extra=SENSITIVE, description="Its address, such as http://127.0.0.1:9000.")]

    def findings(self) -> Iterator[Finding]:
        yield from address_findings("url", self.url, ("http", "https"))


class LocalConfig(Table, frozen=True, kw_only=True):
    """Finding model servers on this machine."""

    enabled: Annotated[
        bool, Meta(description="Off: none is looked for; configured providers still work.")
    ] = True
    servers: Annotated[
        tuple[LocalServer, ...], Meta(description="Servers to ask beside those that are found.")
    ] = ()
    context: Annotated[
        int,
        Meta(
            ge=2048,
            le=10000000,
            description="Tokens of context that an Ollama model is loaded with at most, where its service "
            "sets no num_ctx; it gets as much as its requests need, and more takes more memory.",
        ),
    ] = 65536
    keep_alive: Annotated[
        str,
        Meta(
            description="How long Ollama and LM Studio keep an idle model in memory, such as 30m or 2h; "
            "forever: until they end; empty: as they are set up themselves."
        ),
    ] = ""
    warm_up: Annotated[
        bool,
        Meta(description="Load the first local model of each tier before it is first asked."),
    ] = False
    queue_seconds: Annotated[
        float,
        Meta(
            ge=0,
            le=3600,
            description="Seconds that a request waits for a free slot of a local server before it goes to "
            "the next service; without a next one it waits on.",
        ),
    ] = 10

    def findings(self) -> Iterator[Finding]:
        if self.keep_alive and seconds_of(self.keep_alive) is None:
            message = (
                f'found "{self.keep_alive}"; allowed: a time such as 90s, 30m or 2h, forever, or nothing'
            )
            yield Finding(("keep_alive",), message)
