"""A key or token in the clipboard: its histories are asked to pass it over, and after a minute it is gone."""

from typing import Final

from PySide6.QtCore import QMimeData, QObject, QTimer
from PySide6.QtGui import QGuiApplication

from proxy.secret import Secret

GONE_AFTER_MS: Final = 60_000
_PASSED_OVER: Final = {
    "x-kde-passwordManagerHint": b"secret",
    'application/x-qt-windows-mime;value="ExcludeClipboardContentFromMonitorProcessing"': b"1",
    "application/x-nspasteboard-concealed-type": b"1",
}
"""What the programs that keep a history of the clipboard understand."""


class CopiedSecret(QObject):
    """It outlives the window: it is gone from the clipboard after its time, or when the program ends."""

    def __init__(self, secret: Secret, after_ms: int = GONE_AFTER_MS) -> None:
        application = QGuiApplication.instance()
        super().__init__(application)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.clear)
        if application is not None:
            application.aboutToQuit.connect(self.clear)
        self._data = QMimeData()
        self._data.setText(secret.reveal())
        for kind, value in _PASSED_OVER.items():
            self._data.setData(kind, value)
        QGuiApplication.clipboard().setMimeData(self._data)
        self._timer.start(after_ms)

    def clear(self) -> None:
        """Unless something else is in the clipboard by now."""
        # Not by its text: that is asked of the program that copied it, and if that hangs so do all windows.
        clipboard = QGuiApplication.clipboard()
        if clipboard.mimeData() is self._data:
            clipboard.clear()
        self._timer.stop()
        self.deleteLater()
