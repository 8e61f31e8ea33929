"""A key that was found: whose it is, where it lies, and in which form config.toml would name it."""

from dataclasses import dataclass, replace
from typing import Final, Self

from proxy.secret import Secret

FILE: Final = "file"
KEYRING: Final = "keyring"
_ENVIRONMENT: Final = "env:"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundKey:
    """One key. Nothing of it but where it was is ever shown."""

    provider: str
    """Id of the preset whose vendor has issued it."""
    where: str
    """For people, with the user's home as `~`."""
    source: str
    """env:NAME, `file`, or `keyring` for one that the user wants to have there."""
    secret: Secret
    label: str = ""
    """Who has it, in a word that can tell it from other keys of the same provider."""
    sent_to: str = ""
    """A host that is not the vendor's, to which it goes from where it lies: perhaps it is theirs."""

    @property
    def variable(self) -> str:
        """The environment variable that holds it; empty for one that lies elsewhere."""
        return self.source.removeprefix(_ENVIRONMENT) if self.source.startswith(_ENVIRONMENT) else ""

    @property
    def form(self) -> str:
        """How config.toml names it. What lies in a file of somebody else has to be copied to be used."""
        return self.source if self.variable else KEYRING

    def in_keyring(self) -> Self:
        """The same key, to be kept in the keyring wherever it was found."""
        return replace(self, source=KEYRING)

    def as_json(self) -> dict[str, str]:
        return {"provider": self.provider, "where": self.where, "source": self.source, "label": self.label}
