"""qasync's event loop for PySide6, whichever Qt binding the environment asks for."""

import os
from typing import Any


def _loop_class() -> Any:  # qasync ships no types
    # qasync obeys QT_API when it is imported, and fails if that binding is missing. People set the
    # variable for other programs.
    asked_for = os.environ.pop("QT_API", None)
    try:
        import PySide6.QtWidgets  # noqa: F401 -- qasync takes the binding that is already imported
        import qasync
    finally:
        if asked_for is not None:
            os.environ["QT_API"] = asked_for
    return qasync.QEventLoop


QEventLoop: Any = _loop_class()
