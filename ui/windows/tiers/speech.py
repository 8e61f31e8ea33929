"""Sentences of this page, with what belongs into them."""

from ui.speech import Speech, later

__all__ = ["later", "tr"]

tr = Speech("tiers").tr
