"""A service on its way by mouse: packed so that only lists of the same page take it."""

from dataclasses import dataclass

import msgspec
from PySide6.QtCore import QMimeData

from proxy.config import TIER_NAMES
from ui.windows.tiers.lists import Held

MIME = "application/x-tierwise-service"


@dataclass(frozen=True, slots=True)
class Landing:
    """What was dropped, where, and whether it stays where it was, too."""

    held: Held
    gap: int
    is_copy: bool


def packed(held: Held, page: str) -> QMimeData:
    data = QMimeData()
    data.setData(MIME, msgspec.json.encode([page, held.tier, held.name]))
    return data


def unpacked(data: QMimeData, page: str) -> Held | None:
    """None for what is not of this page."""
    if not data.hasFormat(MIME):
        return None
    try:
        origin, tier, name = msgspec.json.decode(data.data(MIME).data(), type=tuple[str, str, str])
    except msgspec.MsgspecError:
        return None
    found = next((each for each in TIER_NAMES if each == tier), None)
    return Held(found, name) if found is not None and origin == page else None
