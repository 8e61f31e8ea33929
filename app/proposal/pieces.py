"""What a proposal is made of: providers to add, services for tiers, and what was left out, each with why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.found_keys.found_key import FoundKey
from proxy.config import ProviderConfig, ServiceEntry, TierName, secret_name
from proxy.secret import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProvider:
    """A provider that is not configured yet."""

    name: str
    config: ProviderConfig
    label: str
    """What people call the server or the vendor."""
    key: FoundKey | None = None

    @property
    def table(self) -> dict[str, str]:
        """Its table in config.toml, without what is so by default."""
        said = {"kind": self.config.kind, "base_url": self.config.base_url, "key": self.config.key or ""}
        return {name: value for name, value in said.items() if value}

    @property
    def to_store(self) -> tuple[str, Secret] | None:
        """Its key with the name that it has in the keyring; None if nothing has to be kept there."""
        form = self.config.key or ""
        name = secret_name(form, self.name) if self.key is not None and not self.key.variable else None
        return None if name is None or self.key is None else (name, self.key.secret)

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "label": self.label,
            **self.table,
            "found_key": None if self.key is None else self.key.as_json(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A service for a tier."""

    service: ServiceEntry
    why: str
    is_local: bool
    cost: float | None = None
    """Dollars of a turn as agents have them; None: not known."""
    is_there: bool = False
    """It is configured already."""

    def as_json(self) -> dict[str, Any]:
        return {
            "service": self.service.name,
            "params": dict(self.service.params),
            "local": self.is_local,
            "new": not self.is_there,
            "why": self.why,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedTier:
    """All services of a tier, in the order in which they would be asked."""

    name: TierName
    choices: tuple[Choice, ...] = ()
    note: str = ""
    """Why it stays as it is, where one might expect that it does not."""

    @property
    def is_changed(self) -> bool:
        return any(not choice.is_there for choice in self.choices)

    def services(self, as_written: Mapping[str, Any]) -> list[Any]:
        """The list for config.toml; what is there already as the file writes it."""
        return [as_written.get(each.service.name) or in_file(each.service) for each in self.choices]

    def as_json(self) -> dict[str, Any]:
        return {
            "tier": self.name,
            "changed": self.is_changed,
            "services": [choice.as_json() for choice in self.choices],
            "note": self.note or None,
        }


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that was found and is not proposed."""

    what: str
    why: str

    def as_json(self) -> dict[str, str]:
        return {"what": self.what, "why": self.why}


@dataclass(slots=True)
class Findings:
    """What is gathered while a proposal is made."""

    providers: list[NewProvider] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    def leave_out(self, what: str, why: str) -> None:
        self.left_out.append(LeftOut(what, why))


def in_file(service: ServiceEntry) -> str | dict[str, Any]:
    """A service as config.toml has it: as text where that says all."""
    usual = ServiceEntry(service.provider, service.model)
    if service == usual:
        return service.name
    said = {name: getattr(service, name) for name in service.__struct_fields__}
    return {
        name: value
        for name, value in said.items()
        if name in ("provider", "model") or value != getattr(usual, name)
    }
