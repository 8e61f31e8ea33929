"""Finding a configured provider by the name the user typed."""

from app.errors import UserError
from app.settings import Settings
from proxy.config import ProviderConfig, did_you_mean


class UnknownProviderError(UserError):
    """No provider of that name is configured."""

    kind = "unknown_provider"


def known(name: str, settings: Settings) -> ProviderConfig:
    config = settings.providers.get(name)
    if config is None:
        meant = did_you_mean(name, settings.providers) or "; `providers list` shows all."
        raise UnknownProviderError(f'There is no provider "{name}"{meant}')
    return config
