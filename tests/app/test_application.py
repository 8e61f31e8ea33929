"""Starting in order, stopping in the opposite one, and reloading without disturbing anybody."""

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from app.application import Application, Options
from app.configuration.problem import ConfigError
from app.door import AddressError
from app.home import Home
from app.instance import InstanceLock, find_running
from app.ports import PortError


def application(folder: Path, port: int | None = 0) -> Application:
    home = Home(folder)
    home.prepare()
    return Application(home, InstanceLock(home), Options(port), {})


async def test_it_can_be_found_while_it_runs_and_its_port_is_free_after(tmp_path: Path) -> None:
    running = application(tmp_path)
    with InstanceLock(running.home):
        await running.start()
        assert not running.has_providers
        instance = find_running(running.home)
        assert instance is not None
        assert instance.url == running.gateway.url
        assert not instance.has_window
        await running.stop()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", running.gateway.port))


async def test_a_start_that_fails_half_way_leaves_nothing_running(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        running = application(tmp_path, port)
        with pytest.raises(PortError, match=f"Port {port} on 127.0.0.1 is taken"):
            await running.start()
    assert not (tmp_path / "run" / "instance.json").exists()
    assert len(asyncio.all_tasks()) <= 2
    again = application(tmp_path, port)
    await again.start()
    await again.stop()


async def test_an_address_of_another_machine_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[server]\nhost = "192.0.2.1"\nallow_remote = true\n')
    with pytest.raises(AddressError, match=r"192\.0\.2\.1.*host.*\[server\]"):
        await application(tmp_path).start()


async def test_a_broken_file_and_no_good_one_is_an_error_before_anything_runs(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[server\n")
    with pytest.raises(ConfigError):
        await application(tmp_path).start()


async def test_a_reload_applies_a_good_file_and_refuses_a_broken_one(tmp_path: Path) -> None:
    running = application(tmp_path)
    await running.start()
    before = running.loaded.version
    (tmp_path / "config.toml").write_text('[providers.x]\nkind = "ollama"\n')
    outcome = await running.reload()
    assert outcome.applied
    assert outcome.config_version != before
    assert running.has_providers
    assert "x" in running.gateway.config.providers
    (tmp_path / "config.toml").write_text("[providers.x\n")
    refused = await running.reload()
    assert not refused.applied
    assert refused.config_version == outcome.config_version
    assert refused.problems
    assert "x" in running.gateway.config.providers
    await running.stop()


async def test_a_new_port_is_told_to_wait_for_a_restart(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    running = application(tmp_path)
    await running.start()
    url = running.gateway.url
    (tmp_path / "config.toml").write_text("[server]\nport = 4600\n")
    await running.reload()
    assert "used after a restart" in caplog.text
    assert running.gateway.url == url
    await running.stop()


async def test_the_window_is_shown_where_there_is_one(tmp_path: Path) -> None:
    running = application(tmp_path)
    assert running.show() is False
    shown: list[str] = []
    running.has_window(lambda: shown.append("window"))
    assert running.show() is True
    assert shown == ["window"]


class Watched(Application):
    """Tells when a configuration has been applied after the start, and calls back in the middle of it."""

    def watch_start(self, midway: Callable[[], object]) -> None:
        self.applied = asyncio.Event()
        start_tokens = self._tokens.start

        async def start_late() -> None:
            midway()
            await start_tokens()

        self._tokens.start = start_late  # type: ignore[method-assign] # between reading and running

    async def _take_up(self) -> None:
        await super()._take_up()
        self.applied.set()


async def test_a_change_made_while_it_starts_is_applied(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.prepare()
    running = Watched(home, InstanceLock(home), Options(0), {})
    running.watch_start(lambda: home.config.write_text('[providers.x]\nkind = "ollama"\n'))
    await running.start()
    await running.applied.wait()
    assert running.has_providers
    await running.stop()


async def test_a_bug_in_one_reload_does_not_end_the_later_ones(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path)
    home.prepare()
    running = Watched(home, InstanceLock(home), Options(0), {})
    running.watch_start(lambda: None)
    await running.start()
    failed = asyncio.Event()
    loop = asyncio.get_running_loop()

    def broken() -> None:
        loop.call_soon_threadsafe(failed.set)
        raise RecursionError

    with monkeypatch.context() as patched:
        patched.setattr(running._in_force.file, "load", broken)
        home.config.write_text("[server]\n")
        await failed.wait()
    home.config.write_text('[providers.x]\nkind = "ollama"\n')
    await running.applied.wait()
    assert running.has_providers
    assert "RecursionError" in caplog.text
    await running.stop()
