"""Keeps PySide from reading the source of every module that is imported after it.

It looks in each of them for a sign that the module may want Qt's names in another style, which nothing here
does, and the standard library remembers all the lines it has read: 20 MB, and a tenth of a second at the
start. A packaged program has no sources, so there it costs nothing anyhow.
"""

from importlib import import_module
from types import ModuleType


def leave_sources_unread() -> None:
    """Before anything else is imported. A PySide that works otherwise is left as it is."""
    import_module("PySide6.QtCore")
    try:
        feature = import_module("shibokensupport.feature")
    except ImportError:
        return
    if hasattr(feature, "_mod_uses_pyside"):
        vars(feature)["_mod_uses_pyside"] = _uses_other_names  # there is no other way to say so


def _uses_other_names(_module: ModuleType) -> bool:
    return False
