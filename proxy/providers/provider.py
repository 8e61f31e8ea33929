"""A configured provider: its name, its table, and what follows from the two."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from proxy.config import ProviderConfig
from proxy.providers.aws_region import aws_region
from proxy.providers.kinds import KINDS, Kind
from proxy.wire.format import Format

_ISSUED_TO = {
    "anthropic": frozenset({Format.ANTHROPIC}),
    "openai": frozenset({Format.OPENAI_CHAT, Format.RESPONSES}),
}
"""Whose clients bring credentials of their own along, by the formats that these clients speak."""


@dataclass(frozen=True, slots=True)
class Provider:
    """One [providers.NAME] of the configuration."""

    name: str
    config: ProviderConfig

    @property
    def kind(self) -> Kind:
        return KINDS[self.config.kind]

    @property
    def base(self) -> str:
        """Where it is: the configured address, else the vendor's."""
        return (self.config.base_url or self.kind.root).rstrip("/")

    @property
    def is_local(self) -> bool:
        """Whether what is sent there stays on this machine."""
        return self.config.is_on_this_machine

    @property
    def is_official(self) -> bool:
        """Whether its address is the vendor's own."""
        ours, theirs = urlsplit(self.base), urlsplit(self.kind.root)
        return bool(theirs.hostname) and (ours.scheme, ours.hostname, ours.port) == (
            theirs.scheme,
            theirs.hostname,
            theirs.port,
        )

    def takes_credential_from(self, spoken: Format) -> bool:
        """Whether what a client of this format brings along was issued by this very vendor.

        One vendor's token must not reach another one, be both configured to get what clients bring.
        """
        return self.is_official and spoken in _ISSUED_TO.get(self.config.kind, ())

    def why_not_configured(self) -> str | None:
        """What its kind needs and it has not; whether a key is where it should be is not asked here."""
        if self.kind.needs_address and not self.config.base_url:
            return (
                f"The provider {self.name} needs a `base_url`: {self.kind.label} has no address of its own."
            )
        if self.kind.needs_project and not self.config.project:
            return f"The provider {self.name} needs a `project`: the id of the project at {self.kind.label}."
        if self.kind.needs_region and not aws_region(self.config):
            return (
                f"The provider {self.name} needs a `region`, such as eu-west-1: neither the environment nor "
                "the profile names one."
            )
        if (
            self.kind.needs_key
            and self.kind.root
            and self.is_official
            and set(self.config.key_forms) == {"none"}
        ):
            return f"The provider {self.name} needs a key, and is configured with none."
        return None
