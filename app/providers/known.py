"""Finding a configured provider by the name the user typed."""

from collections.abc import Iterable

from app.errors import UserError
from app.settings import Settings
from proxy.config import ProviderConfig, did_you_mean


class UnknownProviderError(UserError):
    """No provider of that name is configured."""

    kind = "unknown_provider"


def known(name: str, settings: Settings) -> ProviderConfig:
    config = settings.providers.get(name)
    if config is None:
        raise unknown(name, settings.providers)
    return config


def unknown(name: str, there_are: Iterable[str]) -> UnknownProviderError:
    meant = did_you_mean(name, there_are) or "; `providers list` shows all."
    return UnknownProviderError(f'There is no provider "{name}"{meant}')
