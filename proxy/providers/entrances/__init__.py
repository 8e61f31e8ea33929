"""Where each kind of provider is asked, for which format and which model."""

from proxy.providers.entrances.choice import entrance

__all__ = ["entrance"]
