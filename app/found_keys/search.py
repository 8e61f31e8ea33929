"""Looking for keys where they usually lie. It reads files, so it is nothing for the loop of the gateway."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from app.found_keys.found_key import FILE, FoundKey
from app.found_keys.places import files, shown
from app.found_keys.reading import tree_of
from app.found_keys.shapes import Lying, Shape, Variables
from app.found_keys.vendors import is_vendors
from app.settings import Settings
from proxy.config import ProviderConfig
from proxy.providers.presets import preset
from proxy.providers.provider import Provider

_ENVIRONMENT: Final = Variables()


def found_keys(settings: Settings, environ: Mapping[str, str], user: Path) -> tuple[FoundKey, ...]:
    """Every key of a provider that is not configured yet; one that lies in two places is told once.

    The environment comes first: what is there can be used without a copy. `user` is the user's home.
    """
    return tuple(
        _once(key for key in _all(environ, user) if not is_configured(key.provider, settings.providers))
    )


def is_configured(preset_id: str, providers: Mapping[str, ProviderConfig]) -> bool:
    """Whether a provider of that vendor is there, under whatever name."""
    known = preset(preset_id)
    return any(
        is_vendors(Provider(name, config).base, preset_id)
        or (known is not None and config.kind == known.kind and not config.base_url)
        for name, config in providers.items()
    )


def _all(environ: Mapping[str, str], user: Path) -> Iterator[FoundKey]:
    looked = [
        (shape, tree, place, file)
        for place, file in files(environ, user)
        for tree in (tree_of(file),)
        for shape in place.shapes
    ]
    elsewhere = _elsewhere(((_ENVIRONMENT, environ), *((shape, tree) for shape, tree, _, _ in looked)))
    for key in _ENVIRONMENT.keys(environ):
        where = f"the environment variable {key.name}"
        yield _found(key, elsewhere, where, f"env:{key.name}", "environment")
    for shape, tree, place, file in looked:
        for key in shape.keys(tree):
            where = f"{key.name} in {shown(file, user)} of {place.client}"
            yield _found(key, elsewhere, where, FILE, place.label)


def _elsewhere(looked: Iterable[tuple[Shape, Any]]) -> Mapping[str, str]:
    """Vendors that some client speaks to at another host, with a key that lies who knows where."""
    return dict(found for shape, tree in looked for found in shape.elsewhere(tree))


def _found(key: Lying, elsewhere: Mapping[str, str], where: str, source: str, label: str) -> FoundKey:
    owner = key.owner
    return FoundKey(
        provider=owner.provider,
        where=where,
        source=source,
        secret=key.secret,
        label=label,
        sent_to=owner.sent_to or ("" if owner.is_sure else elsewhere.get(owner.provider, "")),
    )


def _once(keys: Iterable[FoundKey]) -> list[FoundKey]:
    """Secrets are compared and never hashed, so that none is left behind as a fingerprint."""
    found: list[FoundKey] = []
    for key in keys:
        if not any(key.secret == other.secret for other in found):
            found.append(key)
    return found
