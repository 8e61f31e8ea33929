"""Looking at the machine in a thread, however long that takes, and what is configured on it."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from proxy.config import Config
from proxy.local.kinds import ServerKind
from proxy.local.place import IPV4, IPV6, Place
from proxy.local.surroundings import (
    Surroundings,
    configured,
    in_either_protocol,
    kind_expected,
    place_of,
    places_of,
)
from proxy.local.where.scene import NOTHING_SEEN, Program, Scene, Socket
from tests.proxy.configured import configured as config_with

SHOWN = Scene((Socket(IPV4, 11434, 1),), shows_all_sockets=True)
LATER = Scene((Socket(IPV4, 1234, 2),), shows_all_sockets=True)


class Eyes:
    """Shows one scene after the other, each when it may; an error is raised."""

    def __init__(self, *shown: Scene | Exception) -> None:
        self._shown = list(shown)
        self.may_see = threading.Event()
        self.may_see.set()
        self.looks = 0

    def __call__(self, _is_promising: Callable[[Program], bool]) -> Scene:
        self.looks += 1
        self.may_see.wait(20)
        shown = self._shown[min(self.looks, len(self._shown)) - 1]
        if isinstance(shown, Exception):
            raise shown
        return shown


def machine(tmp_path: Path, eyes: Eyes, **environ: str) -> Surroundings:
    return Surroundings(environ=environ, home=tmp_path, look_around=eyes, units=())


async def test_what_is_seen_is_the_newest(tmp_path: Path) -> None:
    surroundings = machine(tmp_path, Eyes(SHOWN, LATER))

    assert [await surroundings.seen(), await surroundings.seen()] == [SHOWN, LATER]


async def test_a_look_that_takes_long_is_not_waited_for_and_counts_later(tmp_path: Path) -> None:
    eyes = Eyes(SHOWN, LATER)
    surroundings = machine(tmp_path, eyes)
    eyes.may_see.clear()

    assert await surroundings.seen() == NOTHING_SEEN
    assert await surroundings.seen() == NOTHING_SEEN
    assert eyes.looks == 1

    eyes.may_see.set()
    assert await surroundings.seen() == SHOWN
    assert await surroundings.seen() == LATER


async def test_one_that_was_too_late_does_not_stand_for_what_is_now(tmp_path: Path) -> None:
    eyes = Eyes(SHOWN, LATER)
    surroundings = machine(tmp_path, eyes)
    eyes.may_see.clear()
    await surroundings.seen()
    eyes.may_see.set()
    looking = surroundings._looking
    assert looking is not None
    await asyncio.wait([looking])

    assert await surroundings.seen() == LATER


async def test_a_machine_that_cannot_be_looked_at_shows_nothing_and_is_complained_of_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    surroundings = machine(tmp_path, Eyes(SHOWN, SystemError("odd"), SystemError("odd"), LATER))

    assert [await surroundings.seen() for _ in range(4)] == [SHOWN, NOTHING_SEEN, NOTHING_SEEN, LATER]
    assert caplog.text.count("cannot be looked at") == 1


async def test_whoever_stops_does_not_wait_for_a_look(tmp_path: Path) -> None:
    eyes = Eyes(SHOWN)
    surroundings = machine(tmp_path, eyes)
    eyes.may_see.clear()
    await surroundings.seen()
    try:
        surroundings.stop()
        surroundings.stop()

        assert len(asyncio.all_tasks()) == 1
    finally:
        eyes.may_see.set()


def test_a_look_that_hangs_keeps_no_program_from_ending(tmp_path: Path) -> None:
    eyes = Eyes(SHOWN)
    eyes.may_see.clear()

    assert asyncio.run(machine(tmp_path, eyes).seen()) == NOTHING_SEEN

    [looking] = [each for each in threading.enumerate() if each.name == "look-around"]
    assert looking.daemon
    eyes.may_see.set()
    looking.join(20)
    assert not looking.is_alive()


async def test_the_environment_and_files_and_the_configuration_say_where_to_ask(tmp_path: Path) -> None:
    file = tmp_path / ".lmstudio/.internal/http-server-config.json"
    file.parent.mkdir(parents=True)
    file.write_text('{"port": 4321}')
    surroundings = machine(tmp_path, Eyes(Scene(shows_all_sockets=True)), OLLAMA_HOST=":9999")
    config = config_with(local={"servers": [{"url": "http://127.0.0.1:9000/v1"}]})

    _, where = await surroundings.where(config, ())

    assert where.perhaps == {Place(IPV4, port) for port in (4321, 9999, 9000)}


def test_a_secret_of_the_environment_is_never_shown(tmp_path: Path) -> None:
    assert "sk-quite" not in repr(machine(tmp_path, Eyes(), OPENAI_API_KEY="sk-quite-secret"))


URLS = [
    ("http://127.0.0.1:9000", "", [Place(IPV4, 9000)]),
    ("http://127.0.0.1:9000/", "", [Place(IPV4, 9000)]),
    ("http://127.0.0.1:9000/v1", "", [Place(IPV4, 9000)]),
    ("http://127.0.0.1:9000/v1/", "", [Place(IPV4, 9000)]),
    ("http://127.0.0.1:9000/api/v1", "", [Place(IPV4, 9000)]),
    ("http://127.0.0.1:9000/engines/v1", "", [Place(IPV4, 9000)]),
    ("http://127.0.0.1:9000/llm/v1", "", [Place(IPV4, 9000, path="/llm")]),
    ("https://127.0.0.1:9000/v1", "", [Place(IPV4, 9000, "https")]),
    ("http://localhost:9000/v1", "", [Place(IPV4, 9000), Place(IPV6, 9000)]),
    ("http://[::1]:9000/v1", "", [Place(IPV6, 9000)]),
    ("", "ollama", [Place(IPV4, 11434)]),
    ("", "lmstudio", [Place(IPV4, 1234)]),
    ("http://192.168.1.5:9000/v1", "", []),
    ("https://api.example.com/v1", "", []),
    ("", "anthropic", []),
]


@pytest.mark.parametrize(("url", "kind", "places"), URLS)
def test_a_provider_on_this_machine_has_a_place(url: str, kind: str, places: Sequence[Place]) -> None:
    config = config_with(providers={"mine": {"kind": kind or "openai-compatible", "base_url": url}})

    assert list(places_of(config, "mine")) == places
    assert list(configured(config)) == places
    assert place_of(config, "mine") == next(iter(places), None)


def test_one_that_is_off_or_unknown_has_none() -> None:
    config = config_with(providers={"mine": {"kind": "ollama", "enabled": False}})

    assert place_of(config, "mine") is None
    assert place_of(Config(), "mine") is None


def test_an_entry_may_be_anywhere() -> None:
    config = config_with(local={"servers": [{"url": "http://nas.local:9000/v1"}]})

    assert list(configured(config)) == [Place("nas.local", 9000)]


def test_an_entry_at_localhost_is_in_either_protocol() -> None:
    config = config_with(local={"servers": [{"url": "http://localhost:9001/v1"}]})

    assert list(configured(config)) == [Place(IPV4, 9001), Place(IPV6, 9001)]


def test_only_a_place_that_nobody_names_literally_may_be_in_either_protocol() -> None:
    said = {"kind": "ollama", "base_url": "http://localhost:9001"}
    literal = {"kind": "ollama", "base_url": "http://127.0.0.1:9001"}

    assert in_either_protocol(config_with(providers={"a": said})) == {Place(IPV4, 9001)}
    assert in_either_protocol(config_with(providers={"a": said, "b": literal})) == frozenset()
    assert in_either_protocol(Config()) == frozenset()


def test_a_server_is_expected_to_be_what_its_provider_says() -> None:
    assert kind_expected("lmstudio") is ServerKind.LM_STUDIO
    assert kind_expected("openai-compatible") is ServerKind.OPENAI_COMPATIBLE
    assert kind_expected("anthropic") is ServerKind.OPENAI_COMPATIBLE
