"""What every test stands on: a home of its own, and a wall around the real one."""

import asyncio
import inspect
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import guard  # first: it replaces HOME before anything of ours is imported

__all__ = ["guard"]

_ASYNC_SECONDS = 30

# How fast the machine is says nothing about what is tested.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


def pytest_configure() -> None:
    """A run that a shell has put into the background would not hear Ctrl+C, nor would its programs."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """A coroutine test runs on asyncio's own loop, unless it asks for Qt's by fixture."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj) or "qt_loop" in pyfuncitem.fixturenames:
        return None
    wanted = pyfuncitem._fixtureinfo.argnames
    arguments = {name: pyfuncitem.funcargs[name] for name in wanted}

    async def limited() -> None:
        async with asyncio.timeout(_ASYNC_SECONDS):
            await pyfuncitem.obj(**arguments)

    asyncio.run(limited(), debug=False)
    return True


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test has a HOME that nobody else sees, and subprocesses inherit it."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    return home
