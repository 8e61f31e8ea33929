"""A mistake in an override of Qt's never ends the program."""

import inspect
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

import pytest
import shiboken6

import ui

NOT_VIRTUAL = frozenset({"addWidget", "setAccessibleName"})
"""Named as Qt's, but nobody calls them but us."""

MISTAKE = """
import ui
import sys
import shiboken6
from PySide6.QtWidgets import QApplication, QWidget
from ui.mistakes import called_by_qt

class Broken(QWidget):
    @called_by_qt
    def resizeEvent(self, event):
        if sys.argv[1] == "a number":
            int("x")
        gone = QWidget()
        shiboken6.delete(gone)
        gone.width()

app = QApplication([])
broken = Broken()
broken.show()
broken.resize(50, 60)
print("still there")
"""


def overrides() -> Iterator[tuple[str, object]]:
    for module in walk_packages(ui.__path__, "ui."):
        for _, kind in inspect.getmembers(import_module(module.name), inspect.isclass):
            if kind.__module__ == module.name and issubclass(kind, shiboken6.Object):
                yield from (
                    (f"{kind.__module__}.{kind.__qualname__}.{name}", each) for name, each in own(kind)
                )


def own(kind: type) -> Iterator[tuple[str, object]]:
    """What it has under a name of Qt's."""
    theirs = [base for base in kind.__mro__ if base.__module__.startswith("PySide6")]
    for name, each in vars(kind).items():
        is_named_so = not name.startswith("__") and name not in NOT_VIRTUAL
        if is_named_so and inspect.isfunction(each) and any(name in vars(base) for base in theirs):
            yield name, each


def test_every_override_is_kept_from_ending_the_program() -> None:
    found = dict(overrides())
    assert len(found) > 100
    assert [name for name, each in found.items() if not hasattr(each, "__wrapped__")] == []


@pytest.mark.parametrize("mistake", ["a number", "something that is gone"])
def test_a_mistake_is_told_and_the_program_goes_on(mistake: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", MISTAKE, mistake], check=False, timeout=60, capture_output=True, text=True
    )
    assert done.stdout == "still there\n"
    assert "resizeEvent" in done.stderr
    assert done.returncode == 0
