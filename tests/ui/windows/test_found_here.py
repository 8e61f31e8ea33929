"""The line in the first window that says what was found on this computer."""

from pytestqt.qtbot import QtBot

from proxy.local.found import State
from tests.app.proposal.here import model, ollama
from tests.ui.windows.machine import PretendedMachine
from ui.windows.found_here import FoundHere


def label(qtbot: QtBot, machine: PretendedMachine) -> FoundHere:
    made = FoundHere(machine)
    qtbot.addWidget(made)
    return made


def test_it_is_empty_until_somebody_has_looked(qtbot: QtBot) -> None:
    assert label(qtbot, PretendedMachine()).text() == ""


def test_it_follows_what_is_found(qtbot: QtBot) -> None:
    machine = PretendedMachine()
    found = label(qtbot, machine)
    machine.has()
    assert found.text() == "No model server runs on this computer."
    machine.has(ollama(model(), model("b")))
    assert found.text() == "Found on this computer: Ollama (2 models)."
    machine.has(ollama(state=State.GONE))
    assert found.text() == "No model server runs on this computer."


def test_a_name_from_elsewhere_is_no_markup(qtbot: QtBot) -> None:
    found = label(qtbot, PretendedMachine([ollama(model("<b>a</b>"))]))
    assert found.textFormat().name == "PlainText"


def test_the_machine_is_watched_closely_while_it_is_shown(qtbot: QtBot) -> None:
    machine = PretendedMachine()
    found = label(qtbot, machine)
    assert machine.watchers == 0
    found.show()
    assert machine.watchers == 1
    found.hide()
    assert machine.watchers == 0
    found.show()
    found.stop_listening()
    assert machine.watchers == 0


def test_it_may_stop_listening_twice(qtbot: QtBot) -> None:
    machine = PretendedMachine()
    found = label(qtbot, machine)
    found.stop_listening()
    found.stop_listening()
    machine.has(ollama(model()))
    assert found.text() == ""
