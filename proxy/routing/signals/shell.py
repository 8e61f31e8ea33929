"""What a command for a shell does, as far as its programs' names tell: nothing is parsed in earnest."""

import re
from collections.abc import Iterator
from typing import Final, Literal

from proxy.routing.signals.words import words_in

Sort = Literal["edit", "read", "search", "run", "wait", "delegate", "other"]

_MEMBER: Final = re.compile(r'"(?:command|cmd|commands|script|input)" ?: ?(\[?) ?"')
_SHELL: Final = re.compile(r'(?:/\w{1,20}+)*+/?(?:bash|sh|zsh|dash|pwsh|powershell)", ?"-\w{1,20}+", ?"')
_STRING: Final = re.compile(r'(?:[^"\\]++|\\.)*+', re.DOTALL)
_LIST: Final = re.compile(r"[^\]]*+")
_NEXT: Final = re.compile(r'", ?"')
_PLAIN: Final = re.compile(r"[\w./=:,+@%-]*+")

_QUOTED: Final = re.compile(r""""(?:[^"\\]++|\\.)*+(?:"|\Z)|'[^']*+(?:'|\Z)""", re.DOTALL)
_SEPARATED: Final = re.compile(r"&&|\|\|?|[;\n&]")
_HARMLESS: Final = re.compile(r"[0-9&]?>{1,2} ?(?:&[0-9]|/dev/null)|<{1,2}")
_HERE: Final = re.compile(r"<<-?[ '\"\\]{0,2}+\w")

_PATCHES: Final = ("apply_patch", "*** Begin Patch", "git apply")
_SEARCHES: Final = words_in("""
    rg grep egrep fgrep zgrep ag ack find fd fdfind locate which where whereis type
""")
_READS: Final = words_in("""
    cat bat head tail less more sed awk gawk ls tree wc file stat du df pwd nl sort uniq cut tr jq yq
    diff cmp tac column date whoami uname realpath readlink basename dirname hexdump xxd strings md5sum
    sha256sum dir get-content get-childitem select-string printenv id hostname
""")
_SILENT: Final = words_in("""
    cd echo printf true false export set source . sleep : test [ pushd popd exit
""")
_WRAPPERS: Final = words_in("""
    sudo time timeout env nohup command nice stdbuf xargs exec
""")
_GIT_READS: Final = words_in("""
    log diff status show blame branch rev-parse ls-files remote describe shortlog ls-tree cat-file
    reflog tag config
""")
_WRITES: Final = frozenset({"tee", "patch"})
_IN_PLACE: Final = frozenset({"sed", "perl", "gsed"})


def sort_of_shell(arguments: str) -> Sort:
    """Of the arguments of a tool that runs something: an object with a command, or the command itself."""
    command = command_in(arguments)
    if any(words in command for words in _PATCHES):
        return "edit"
    if here := _HERE.search(command):
        command = command[: here.start()]
    found = [
        sort
        for piece in _SEPARATED.split(_HARMLESS.sub(" ", _QUOTED.sub("_", command)))
        for sort in _of(piece)
    ]
    if not found or "run" in found:
        return "run"
    return "edit" if "edit" in found else found[0]


def command_in(arguments: str) -> str:
    """The command without the shell that is to run it, and without JSON's marks."""
    found = _MEMBER.search(arguments)
    if found is None:
        return arguments
    begin = found.end()
    if shell := _SHELL.match(arguments, begin):
        begin = shell.end()
    elif found[1]:
        listed = _LIST.match(arguments, begin)
        words = _NEXT.split(listed[0].strip('" ')) if listed else ()
        if len(words) == 1:
            return words[0]
        return " ".join(word if _PLAIN.fullmatch(word) else "_" for word in words)
    written = _STRING.match(arguments, begin)
    said = written[0] if written else ""
    return said.replace("\\n", "\n").replace('\\"', '"').replace("\\t", " ").replace("\\\\", "\\")


def _of(piece: str) -> Iterator[Sort]:
    """What one program of a pipeline does; nothing for those that only speak or prepare."""
    words = [word for word in piece.split() if "=" not in word or word.startswith("-")]
    while words and (words[0] in _WRAPPERS or words[0][:1].isdigit() or words[0][:1] == "-"):
        del words[0]
    if not words:
        return
    program = words[0].rpartition("/")[2].strip("()`$").lower()
    if ">" in piece and (program in _SILENT or program in _READS):
        yield "edit"
    elif program in _SEARCHES:
        yield "search"
    elif program in _WRITES or (program in _IN_PLACE and any(_is_in_place(word) for word in words)):
        yield "edit"
    elif program in _READS:
        yield "read"
    elif program == "git":
        yield from _of_git(words)
    elif program not in _SILENT and program:
        yield "run"


def _is_in_place(option: str) -> bool:
    return option.startswith(("-i", "-pi", "--in-place", "-ni", "-Ei"))


def _of_git(words: list[str]) -> Iterator[Sort]:
    named = [word for word in words[1:] if not word.startswith("-")]
    if "grep" in named[:1]:
        yield "search"
    else:
        yield "read" if named and named[0] in _GIT_READS else "run"
