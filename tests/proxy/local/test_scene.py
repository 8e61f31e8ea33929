"""What the system shows: as it is on this machine, and as others show it."""

import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest

from proxy.local.place import IPV4
from proxy.local.where.programs import is_promising
from proxy.local.where.scene import Program, Scene, Sight, Socket, seen

shows_all = pytest.mark.skipif(sys.platform == "darwin", reason="macOS shows all sockets to root only")
SECRET = "sk-quite-secret"


def everybody(_program: Program) -> bool:
    return True


def nobody(_program: Program) -> bool:
    return False


@contextmanager
def listening() -> Iterator[int]:
    with closing(socket.create_server((IPV4, 0))) as ours:
        yield ours.getsockname()[1]


def connection(port: int, pid: int | None = None, status: str = psutil.CONN_LISTEN) -> SimpleNamespace:
    return SimpleNamespace(laddr=SimpleNamespace(ip=IPV4, port=port), status=status, pid=pid)


Told = Callable[[], Any]


def tells(value: Any) -> Told:
    return lambda *_args: value


def refuses(error: BaseException) -> Told:
    def ask(*_args: object) -> Any:
        raise error

    return ask


class FakeProcess:
    """As psutil shows one, each field for itself."""

    def __init__(self, **fields: Told) -> None:
        self.name = fields.get("name", tells("ollama"))
        self.ppid = fields.get("ppid", tells(1))
        self.cmdline = fields.get("cmdline", tells(["ollama", "serve"]))
        self.net_connections = fields.get("net_connections", tells([]))

    @contextmanager
    def oneshot(self) -> Iterator[None]:
        yield


class FakeMachine:
    """As psutil shows it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **processes: FakeProcess | BaseException) -> None:
        self.asked: list[int] = []
        self._processes = {int(pid.removeprefix("p")): each for pid, each in processes.items()}
        self._patch = monkeypatch
        self.shows(net_connections=tells([]), pids=tells(list(self._processes)), Process=self._process)

    def shows(self, **functions: Callable[..., Any]) -> None:
        for name, function in functions.items():
            self._patch.setattr(psutil, name, function)

    def _process(self, pid: int) -> FakeProcess:
        self.asked.append(pid)
        found = self._processes.get(pid, psutil.NoSuchProcess(pid))
        if isinstance(found, BaseException):
            raise found
        return found


DENIED = psutil.AccessDenied(10)
GONE = psutil.NoSuchProcess(10)
ZOMBIE = psutil.ZombieProcess(10)


# This machine


@shows_all
def test_a_socket_of_ours_is_seen_with_our_own_process() -> None:
    with listening() as port:
        scene = seen(nobody)

    assert scene.shows_all_sockets
    assert Socket(IPV4, port, os.getpid()) in scene.sockets


def test_one_that_does_not_listen_is_not_seen() -> None:
    with listening() as port, closing(socket.create_connection((IPV4, port))) as connected:
        scene = seen(nobody)
        own = connected.getsockname()[1]

    assert own not in {each.port for each in scene.sockets}


def test_our_own_program_is_seen_with_how_it_was_started() -> None:
    ours = psutil.Process()
    [found] = [each for each in seen(everybody).programs if each.pid == os.getpid()]

    assert (found.name, found.parent, found.words) == (ours.name(), ours.ppid(), tuple(ours.cmdline()))
    assert found.words
    assert not found.hides_sockets


def test_what_promises_nothing_is_not_in_the_picture() -> None:
    assert seen(nobody).programs == ()


# Looking again


def table(*sockets: tuple[int, int], state: str = "0A") -> str:
    """As Linux lists them, by their ports and the numbers of their files."""
    head = (
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
    )
    line = (
        "   0: 0100007F:{:04X} 00000000:0000 {} 00000000:00000000 00:00000000 00000000     0        0 {} 1\n"
    )
    return head + "".join(line.format(port, state, inode) for port, inode in sockets)


class Looking:
    """Eyes on a machine whose table of sockets is a file."""

    def __init__(self, folder: Path, machine: FakeMachine) -> None:
        self._table = folder / "tcp"
        self._sight = Sight((self._table,))
        machine.shows(net_connections=self._connections)
        self.connections: list[SimpleNamespace] = [connection(11434, 10)]
        self.searches = 0

    def sees(self, text: str) -> list[int]:
        self._table.write_text(text)
        return [each.port for each in self._sight(everybody).sockets]

    def _connections(self, _kind: str) -> list[SimpleNamespace]:
        self.searches += 1
        return self.connections


@pytest.fixture
def looking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Looking:
    return Looking(tmp_path, FakeMachine(monkeypatch, p10=FakeProcess()))


def test_owners_are_not_searched_for_again_while_the_same_sockets_listen(looking: Looking) -> None:
    busy = table((50_000, 7), state="01")

    assert [looking.sees(table((11434, 1)) + more) for more in ("", "", busy)] == [[11434]] * 3
    assert looking.searches == 1


@pytest.mark.parametrize(
    "text",
    [table((11434, 1), (1234, 2)), table((11434, 3)), table(), ""],
    ids=["more", "another", "none", "odd"],
)
def test_they_are_when_something_else_listens(looking: Looking, text: str) -> None:
    looking.sees(table((11434, 1)))
    looking.connections = [connection(1234, 10)]

    assert looking.sees(text) == [1234]


def test_they_are_when_an_owner_has_ended(looking: Looking, monkeypatch: pytest.MonkeyPatch) -> None:
    looking.sees(table((11434, 1)))
    monkeypatch.setattr(psutil, "pids", tells([11]))
    looking.sees(table((11434, 1)))

    assert looking.searches == 2


def test_they_are_each_time_where_there_is_no_such_table(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    FakeMachine(monkeypatch, p10=FakeProcess()).shows(net_connections=tells([connection(1, 10)]))
    sight = Sight((tmp_path / "absent",))
    first = sight(everybody)
    monkeypatch.setattr(psutil, "net_connections", tells([connection(2, 10)]))

    assert [each.port for each in (*first.sockets, *sight(everybody).sockets)] == [1, 2]


def test_what_was_refused_is_asked_for_again(looking: Looking, monkeypatch: pytest.MonkeyPatch) -> None:
    granted = psutil.net_connections
    monkeypatch.setattr(psutil, "net_connections", refuses(DENIED))
    assert looking.sees(table((11434, 1))) == []
    monkeypatch.setattr(psutil, "net_connections", granted)

    assert looking.sees(table((11434, 1))) == [11434]


@shows_all
def test_a_socket_that_is_opened_between_two_looks_is_seen() -> None:
    sight = Sight()
    before = {each.port for each in sight(nobody).sockets}
    with listening() as port:
        assert port in {each.port for each in sight(nobody).sockets} - before
    assert port not in {each.port for each in sight(nobody).sockets}


# Other machines


def test_where_all_sockets_are_refused_promising_programs_are_asked_for_theirs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    machine = FakeMachine(
        monkeypatch,
        p10=FakeProcess(net_connections=tells([connection(11434), connection(40000, status="ESTABLISHED")])),
        p11=FakeProcess(name=tells("bash"), net_connections=tells([connection(22)])),
        p12=FakeProcess(net_connections=refuses(DENIED)),
    )
    machine.shows(net_connections=refuses(DENIED))

    scene = seen(is_promising)

    assert scene.sockets == (Socket(IPV4, 11434, 10),)
    assert not scene.shows_all_sockets
    assert [each.pid for each in scene.programs] == [10, 12]


@pytest.mark.parametrize(
    "error", [DENIED, GONE, ZOMBIE, PermissionError(), OSError(), RuntimeError("a line")]
)
def test_whatever_keeps_sockets_from_being_shown_the_programs_are(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    FakeMachine(monkeypatch, p10=FakeProcess()).shows(net_connections=refuses(error))

    scene = seen(everybody)

    assert not scene.shows_all_sockets
    assert [each.name for each in scene.programs] == ["ollama"]


@pytest.mark.parametrize("error", [DENIED, GONE, ZOMBIE, PermissionError(), FileNotFoundError()])
@pytest.mark.parametrize(
    ("field", "found"),
    [
        ("ppid", Program(10, "ollama", None, ("ollama", "serve"))),
        ("cmdline", Program(10, "ollama", 1, ())),
    ],
)
def test_a_field_that_is_refused_leaves_the_others(
    monkeypatch: pytest.MonkeyPatch, error: Exception, field: str, found: Program
) -> None:
    FakeMachine(monkeypatch, p10=FakeProcess(**{field: refuses(error)}))

    assert seen(everybody).programs == (found,)


@pytest.mark.parametrize("error", [DENIED, GONE, ZOMBIE, OSError()])
def test_a_program_that_ends_meanwhile_leaves_the_others(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    FakeMachine(
        monkeypatch, p10=error, p11=FakeProcess(name=refuses(error)), p12=FakeProcess(name=tells("jan"))
    )

    assert [each.name for each in seen(everybody).programs] == ["jan"]


@pytest.mark.parametrize("error", [DENIED, OSError(), RuntimeError()])
def test_where_programs_are_not_shown_sockets_are(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    FakeMachine(monkeypatch).shows(pids=refuses(error), net_connections=tells([connection(11434)]))

    assert seen(everybody) == Scene((Socket(IPV4, 11434),), shows_all_sockets=True)


def test_sockets_without_an_address_are_no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = SimpleNamespace(laddr=(), status=psutil.CONN_LISTEN, pid=None)
    FakeMachine(monkeypatch).shows(net_connections=tells([nowhere]))

    assert seen(everybody).sockets == ()


HIDES = [
    (tells([]), False),
    (refuses(DENIED), True),
    (refuses(PermissionError()), True),
    (refuses(GONE), False),
    (refuses(ZOMBIE), False),
    (refuses(OSError()), False),
]


@pytest.mark.parametrize(("connections", "hides"), HIDES)
def test_a_program_hides_its_sockets_if_it_is_not_ours_to_see_them(
    monkeypatch: pytest.MonkeyPatch, connections: Told, hides: bool
) -> None:
    FakeMachine(monkeypatch, p10=FakeProcess(net_connections=connections))

    [found] = seen(everybody).programs

    assert found.hides_sockets is hides


def test_one_whose_sockets_are_shown_is_not_asked_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    process = FakeProcess(net_connections=refuses(AssertionError("it was asked")))
    FakeMachine(monkeypatch, p10=process).shows(net_connections=tells([connection(11434, 10)]))

    assert not seen(everybody).programs[0].hides_sockets


def test_of_what_promises_nothing_only_the_name_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    untouchable = refuses(AssertionError("it was read"))
    process = FakeProcess(
        name=tells("bash"), cmdline=untouchable, ppid=untouchable, net_connections=untouchable
    )
    FakeMachine(monkeypatch, p10=process)

    assert seen(is_promising).programs == ()


def test_an_interpreter_is_judged_by_what_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    def python(*words: str) -> FakeProcess:
        return FakeProcess(name=tells("python3"), cmdline=tells(["python3", *words]))

    FakeMachine(monkeypatch, p10=python("-m", "sglang.launch_server"), p11=python("manage.py", SECRET))

    assert [each.pid for each in seen(is_promising).programs] == [10]


def test_a_command_line_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    FakeMachine(monkeypatch, p10=FakeProcess(cmdline=tells(["ollama", "--api-key", SECRET])))

    scene = seen(everybody)

    assert scene.programs[0].words[-1] == SECRET
    assert SECRET not in repr(scene)
