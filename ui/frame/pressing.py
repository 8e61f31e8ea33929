"""Enter presses the button that has the keyboard, as it does in dialogs."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_NONE: Final = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


def pressed_by_enter(window: QWidget, event: QKeyEvent) -> bool:
    """For a key that has come up to the window, so that whoever has the keyboard has no use for it: fields,
    lists and tables keep their Enter. A key that is held down presses once."""
    focused = window.focusWidget()
    if event.key() not in _ENTER or event.modifiers() not in _NONE or event.isAutoRepeat():
        return False
    if not isinstance(focused, QAbstractButton) or not focused.hasFocus():
        return False
    focused.click()
    return True
