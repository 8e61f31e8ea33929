"""Words that several parts of the page use."""

from PySide6.QtCore import QCoreApplication

from ui.words import count


def days(number: float) -> str:
    if number == 1:
        return QCoreApplication.translate("settings", "one day")
    return QCoreApplication.translate("settings", "%1 days").replace("%1", count(number))
