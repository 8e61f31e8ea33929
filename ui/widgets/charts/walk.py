"""Which point a key leads to."""

from PySide6.QtCore import Qt

_ONWARD = (Qt.Key.Key_Right, Qt.Key.Key_Down)
_BACK = (Qt.Key.Key_Left, Qt.Key.Key_Up)


def next_point(key: Qt.Key, at: int | None, count: int) -> int | None:
    """None when the key does not walk, or there is nothing to walk over."""
    if not count:
        return None
    last = count - 1
    if key == Qt.Key.Key_Home or (key in _ONWARD and at is None):
        return 0
    if key == Qt.Key.Key_End or (key in _BACK and at is None):
        return last
    if at is not None and key in _ONWARD:
        return min(last, at + 1)
    if at is not None and key in _BACK:
        return max(0, at - 1)
    return None
