"""What may have changed since it was asked."""

from enum import Enum, auto


class Change(Enum):
    """What those who look on are told."""

    SETTINGS = auto()
    """What is configured or switched."""
    PROVIDERS = auto()
    """Those that are configured: told beside the settings, for whoever would ask the keyring for each."""
    RECORD = auto()
    """Exchanges were written."""
    HEALTH = auto()
    """Breakers, marks, quotas."""
    LOCAL = auto()
    """The model servers of this machine."""
