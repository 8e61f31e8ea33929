"""The vendors whose models can be proposed: those that are configured, and those that a key was found for."""

from collections.abc import Sequence

from app.found_keys.found_key import FoundKey
from app.proposal.hosted import Vendor, needs_more, vendor
from app.proposal.pieces import Findings, NewProvider
from app.proposal.prices import ListPrices
from proxy.config import Config, ProviderConfig
from proxy.local.naming import free_name
from proxy.providers.presets import Preset, preset, presets
from proxy.providers.provider import Provider


def vendors(
    keys: Sequence[FoundKey],
    settings: Config,
    prices: ListPrices,
    findings: Findings,
    taken_by_servers: set[str],
) -> list[Vendor]:
    """Providers that would have to be added for it are noted among the findings."""
    found = [
        made
        for name, config in settings.providers.items()
        if config.enabled and (known := _preset_of(name, config)) is not None
        if (made := vendor(name, config, known, settings, prices)) is not None
    ]
    taken = {*settings.providers, *taken_by_servers}
    seen: set[str] = set()
    for key in keys:
        known = preset(key.provider)
        if known is None or _is_left_out(key, known, seen, findings):
            continue
        seen.add(key.provider)
        config = ProviderConfig(kind=known.kind, base_url=known.base_url, key=key.form)
        new = NewProvider(name=free_name(known.id, taken), label=known.label, config=config, key=key)
        if (made := vendor(new.name, config, known, settings, prices)) is not None:
            taken.add(new.name)
            findings.providers.append(new)
            found.append(made)
    return found


def _is_left_out(key: FoundKey, known: Preset, seen: set[str], findings: Findings) -> bool:
    reason = _why_not(key, known, seen)
    if reason:
        findings.leave_out(words_of(key, known.label), reason)
    return bool(reason)


def _why_not(key: FoundKey, known: Preset, seen: set[str]) -> str:
    if key.sent_to:
        return (
            f"a client sends it to {key.sent_to}, so it may be theirs; if it is {known.label}'s own, "
            f"`{adding(key)}` adds it"
        )
    if more := needs_more(known):
        return f"it wants {more}; `{adding(key)}` takes both"
    if key.provider in seen:
        further = "" if key.variable else f" --label {key.label}"
        return f"another one was found before; `{adding(key)}{further}` adds it"
    return ""


def words_of(key: FoundKey, label: str) -> str:
    """What a key is called where it is said what becomes of it."""
    return f"the key of {label} in {key.where}"


def adding(key: FoundKey) -> str:
    """The command that adds its provider by hand."""
    there = f" --key-env {key.variable}" if key.variable else ""
    return f"providers add {key.provider}{there}"


def _preset_of(name: str, config: ProviderConfig) -> Preset | None:
    """What is known of a configured vendor's models, where they are called as everybody's are."""
    provider = Provider(name, config)
    is_usual = provider.is_official and not provider.is_local
    same_kind = [each for each in presets() if each.kind == config.kind and not needs_more(each)]
    return same_kind[0] if is_usual and same_kind else None
