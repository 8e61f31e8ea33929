"""Which running programs are model servers, by name or by how they were started, and on which ports.

Ollama, Jan and llama.cpp's router start servers of their own, one for each model in memory. Those are theirs:
what asks one of them directly goes past its parent, so they are never found.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from proxy.local.kinds import SORTS, ServerKind
from proxy.local.place import path_said, port_said
from proxy.local.where.scene import Program, Scene

_EXTENSION = re.compile(r"\.(exe|appimage)$")
_BY_NAME: tuple[tuple[str, ServerKind], ...] = (
    (r"llama-server", ServerKind.LLAMACPP),
    (r"ollama|ollama app", ServerKind.OLLAMA),
    (r"lm[ -]?studio|llmster", ServerKind.LM_STUDIO),
    (r"koboldcpp.*", ServerKind.KOBOLDCPP),
    (r"jan", ServerKind.JAN),
    (r"local-?ai", ServerKind.LOCALAI),
    (r".*\.llamafile|llamafile.*", ServerKind.LLAMAFILE),
    (r"gpt4all", ServerKind.GPT4ALL),
    (r"vllm", ServerKind.VLLM),
    (r"sglang", ServerKind.SGLANG),
    (r"mlx_lm\.server", ServerKind.MLX),
)
_BY_WORDS: tuple[tuple[str, ServerKind], ...] = (
    (r"vllm\.entrypoints\S*|(?:\S*/)?vllm serve", ServerKind.VLLM),
    (r"sglang\.launch_server", ServerKind.SGLANG),
    (r"(?:\S*/)?mlx_lm\.server|mlx_lm server", ServerKind.MLX),
    (r"llama_cpp\.server", ServerKind.LLAMA_CPP_PYTHON),
    (r"(?:\S*/)?koboldcpp\.py", ServerKind.KOBOLDCPP),
)
_NAMES = tuple((re.compile(pattern), kind) for pattern, kind in _BY_NAME)
_WORDS = tuple((re.compile(rf"(?:^|\s)(?:{pattern})(?=\s|$)"), kind) for pattern, kind in _BY_WORDS)
_INTERPRETER = re.compile(r"python[\d.]*w?|pypy[\d.]*|uv|uvx")
_LONG = "--port"
_SHORT = {ServerKind.VLLM: "-p", ServerKind.JAN: "-p", ServerKind.LM_STUDIO: "-p"}
"""Elsewhere -p is the prompt, or nothing."""
_PREFIX = "--api-prefix"
_PARENTS = (ServerKind.OLLAMA, ServerKind.LLAMACPP, ServerKind.JAN)
_FIRST_WORDS, _LETTERS = 40, 300
"""Where it says what is run. Prompts and lists of anything may follow."""
_MOST_PORTS = 8
_BLOBS = "models/blobs"
_OF_OLLAMA = {"--no-webui", "--offline"}
_RUNNER = "runner"


@dataclass(frozen=True, slots=True)
class Running:
    """A model server that runs."""

    kind: ServerKind
    pid: int
    ports: tuple[int, ...]
    """Where it listens, as it was told or as it shows; its usual ports where neither is known."""
    path: str = ""
    hides_sockets: bool = False


def is_promising(program: Program) -> bool:
    """Whether it may be a server, as far as is known of it: of an interpreter that is what it runs."""
    return kind_of(program) is not None or (not program.words and _is_interpreter(program))


def kind_of(program: Program) -> ServerKind | None:
    name = _short_name(program)
    by_name = next((kind for pattern, kind in _NAMES if pattern.fullmatch(name)), None)
    if by_name is not None or not _is_interpreter(program):
        return by_name
    line = " ".join(_plain(word) for word in program.words[1:_FIRST_WORDS])
    return next((kind for pattern, kind in _WORDS if pattern.search(line)), None)


def running(scene: Scene) -> Iterator[Running]:
    """The servers among the programs, without those that belong to another one of them."""
    kinds = _kinds(scene)
    for program in scene.programs:
        kind = kinds.get(program.pid)
        if kind is not None and not _belongs_to_another(program, kind, kinds):
            ports = _ports(program, kind, scene)
            yield Running(kind, program.pid, ports, _prefix(program), program.hides_sockets)


def ports_of_children(scene: Scene) -> set[int]:
    """Where the servers listen that belong to another one."""
    kinds = _kinds(scene)
    children = [
        each
        for each in scene.programs
        if (kind := kinds.get(each.pid)) is not None and _belongs_to_another(each, kind, kinds)
    ]
    shown = {socket.port for each in children for socket in scene.sockets_of(each.pid)}
    return shown | {port for each in children if (port := _told(each.words, _LONG)) is not None}


def _kinds(scene: Scene) -> Mapping[int, ServerKind]:
    return {each.pid: kind for each in scene.programs if (kind := kind_of(each)) is not None}


def _is_interpreter(program: Program) -> bool:
    return _INTERPRETER.fullmatch(_short_name(program)) is not None


def _short_name(program: Program) -> str:
    return _EXTENSION.sub("", program.name.casefold())


def _plain(word: str) -> str:
    return word[:_LETTERS].replace("\\", "/").removesuffix(".exe")


def _belongs_to_another(program: Program, kind: ServerKind, kinds: Mapping[int, ServerKind]) -> bool:
    words = program.words
    if kind is ServerKind.OLLAMA:
        return words[1:2] == (_RUNNER,)
    if kind is not ServerKind.LLAMACPP:
        return False
    parent = None if program.parent is None else kinds.get(program.parent)
    of_ollama = any(_BLOBS in word.replace("\\", "/") for word in words) or set(words) >= _OF_OLLAMA
    return parent in _PARENTS or of_ollama


def _ports(program: Program, kind: ServerKind, scene: Scene) -> tuple[int, ...]:
    told = _told(program.words, _LONG, *([_SHORT[kind]] if kind in _SHORT else []))
    shown = [each.port for each in scene.sockets_of(program.pid)]
    known = dict.fromkeys([*([] if told is None else [told]), *shown])
    return tuple(known)[:_MOST_PORTS] or SORTS[kind].ports


def _told(words: Iterable[str], *flags: str) -> int | None:
    """`--port N` and `--port=N`, of which the last one counts; only a number is taken from a command line."""
    told = [port for text in _values(words, *flags) if (port := port_said(text)) is not None]
    return told[-1] if told else None


def _prefix(program: Program) -> str:
    return path_said(next(_values(program.words, _PREFIX), ""))


def _values(words: Iterable[str], *flags: str) -> Iterator[str]:
    is_next = False
    for word in words:
        if is_next:
            yield word
        is_next = word in flags
        flag, equals, value = word.partition("=")
        if equals and flag in flags:
            yield value
