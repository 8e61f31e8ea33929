"""Where the files of servers say that they listen; only read, up to a size, whatever state they are in."""

import os
import re
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from proxy.local.place import IPV4, Place, port_said
from proxy.local.where.environment import ollama_place

UNITS = (
    Path("/etc/systemd/system/ollama.service"),
    Path("/etc/systemd/system/ollama.service.d"),
)
"""How systemd starts Ollama, and the folder of what the machine's owner has changed of it."""

_LARGEST = 64 * 1024
_LM_STUDIO_HOMES = (".lmstudio", ".cache/lm-studio")
_LM_STUDIO_POINTER = ".lmstudio-home-pointer"
_LM_STUDIO_FILE = ".internal/http-server-config.json"
_OLLAMA_HOST = re.compile(r"""(?m)^[ \t]*Environment=[^\n]*?\bOLLAMA_HOST=([^"'\s]+)""")
_HOW = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""A pipe must not hold us up, and Windows is not to change what it reads."""


def places(home: Path, units: Iterable[Path] = UNITS) -> Iterator[Place]:
    yield from _lm_studio(home)
    yield from _ollama(units)


class _Server(msgspec.Struct):
    port: int = 0


def _lm_studio(home: Path) -> Iterator[Place]:
    pointer = Path(_text(home / _LM_STUDIO_POINTER).strip())
    folders = [home / each for each in _LM_STUDIO_HOMES]
    for folder in [pointer, *folders] if pointer.is_absolute() else folders:
        try:
            server = msgspec.json.decode(_text(folder / _LM_STUDIO_FILE), type=_Server)
        except (msgspec.DecodeError, RecursionError):
            continue  # half written, or another form than we know
        port = port_said(str(server.port))
        if port is not None:
            yield Place(IPV4, port)


def _ollama(units: Iterable[Path]) -> Iterator[Place]:
    """A service of the system has its address in its unit: its environment is nobody else's to read."""
    for unit in units:
        try:
            files = sorted(unit.glob("*.conf")) if unit.is_dir() else [unit]
        except OSError:
            continue
        for file in files:
            for said in _OLLAMA_HOST.findall(_text(file)):
                if (found := ollama_place(said)) is not None:
                    yield found


def _text(file: Path) -> str:
    """What is in a plain file, as far as it is read; nothing for whatever else has its name."""
    try:
        handle = os.open(file, _HOW)
    except (OSError, ValueError):
        return ""
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return ""
        return os.read(handle, _LARGEST).decode(errors="replace")
    except OSError:
        return ""
    finally:
        os.close(handle)
