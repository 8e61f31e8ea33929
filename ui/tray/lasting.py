"""What the tray says of what holds for a while. Without a word for its state, what is off for an hour would
read as if it were on until then: beside it a tick is missing, which is easily overlooked."""

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from proxy.config.switch import Until


def until(end: Until | None, now: datetime) -> str:
    """Empty for what holds for good."""
    if end is None:
        return ""
    if end == "run":
        return _tr("until you quit")
    then = datetime.fromtimestamp(end).astimezone()
    shape = "%H:%M" if then.date() == now.date() else "%a %H:%M"
    return _tr("until %1").replace("%1", then.strftime(shape))


def routing_title(how_long: str, *, is_on: bool) -> str:
    return _tr("&Routing") + _in_brackets(how_long if is_on else _with(_tr("paused %1"), how_long))


def local_only_title(how_long: str, *, is_on: bool) -> str:
    return _tr("&Local only") + _in_brackets(how_long if is_on else _with(_tr("off %1"), how_long))


def profile_title(how_long: str) -> str:
    return _tr("&Profile") + _in_brackets(how_long)


def off(how_long: str) -> str:
    return _with(_tr("off %1"), how_long) or _tr("off")


def on_in_brackets(how_long: str) -> str:
    """Said only of what is on for a while."""
    return _in_brackets(_with(_tr("on %1"), how_long))


def _with(words: str, how_long: str) -> str:
    return words.replace("%1", how_long) if how_long else ""


def _in_brackets(words: str) -> str:
    return f" ({words})" if words else ""


def _tr(text: str) -> str:
    return QCoreApplication.translate("tray", text)
