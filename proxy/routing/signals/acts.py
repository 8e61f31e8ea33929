"""What a call of a tool does, told by its name in the words of many clients; and the same call again."""

import re
from typing import Final

from msgspec import Raw, Struct

from proxy.routing.signals.leniently import first, text
from proxy.routing.signals.outcomes import key_of
from proxy.routing.signals.seen import Called
from proxy.routing.signals.shell import Sort, sort_of_shell

_LOOKED: Final = 1_000
"""Characters of what a tool is called with."""
_LONGEST: Final = 128
"""Characters of a tool's name."""


class Act(Struct, frozen=True, gc=False):
    call: int
    """By which its outcome is found."""
    sort: Sort = "other"
    signature: int = 0
    """The same when the same tool is called with the same again."""


UNKNOWN: Final = Act(0)

_NAMED: Final[dict[Sort, str]] = {
    "edit": """
        edit multiedit write writefile createfile editfile replace replaceinfile writetofile applypatch
        applydiff strreplace patch updatefile deletefile renamefile movefile create notebookedit
        insertcontent inserteditintofile searchreplace searchandreplace multireplacestringinfile
        replacestringinfile smartedit editnotebookfile editblock multieditfile undoedit insert fsedit
        fswrite rewrite
    """,
    "read": """
        read readfile view viewfile cat openfile readmanyfiles notebookread getfilecontents viewimage ls
        listdir listdirectory listfiles readtextfile readmultiplefiles open webfetch fetch fsread
        readlints listfolder readmcpresource directorytree
    """,
    "search": """
        grep glob search searchfiles grepsearch filesearch codebasesearch semanticsearch find websearch
        googlewebsearch searchfilecontent listcodedefinitionnames toolsearch searchcode findfiles
        globfilesearch findpath searchtext ripgrep codesearch listcodeusages
    """,
    "run": """
        bash shell exec execcommand localshell runcommand runshellcommand executecommand runterminalcmd
        runinterminal terminal powershell runtests execute python codeinterpreter jupyter ipython
        executebash shellcommand unifiedexec containerexec runterminalcommand executeshell pwsh
        executepython executeipythoncell runcode runtest codeexecution bashcodeexecution runtask
    """,
    "wait": """
        bashoutput taskoutput agentoutputtool agentoutput writestdin killshell killbash killtask taskstop
        getterminaloutput readterminaloutput commandstatus wait waitagent sleep processoutput readprocess
        killprocess getprocessoutput jobs
    """,
    "delegate": """
        task agent spawnagent newtask delegate subagent dispatchagent sessionsspawn delegatetask
        runsubagent delegatetoagent spawnsubagent startagent calltool
    """,
}
"""In lower case, without what joins their words."""
_BY_NAME: Final[dict[str, Sort]] = {name: sort for sort, names in _NAMED.items() for name in names.split()}
_EDITORS: Final = frozenset({"strreplaceeditor", "strreplacebasededittool", "texteditor", "editor"})
"""Tools that are told by a `command` what to do with a file."""
_VIEWS: Final = re.compile(r'"command" ?: ?"view"')

_WORD: Final = re.compile(r"[A-Z]?[a-z]++|[A-Z]++(?![a-z])")
_FILES: Final = frozenset({"file", "files", "text", "code", "content", "notebook", "cell", "lines", "symbol"})
_PLACES: Final = _FILES | {"dir", "directory", "folder", "tree", "path"}
_RUNNING: Final = frozenset({"bash", "shell", "terminal", "process", "command", "job", "background"})
_NEVER: Final[frozenset[str]] = frozenset()
_BY_WORDS: Final[tuple[tuple[Sort, str, frozenset[str]], ...]] = (
    ("edit", "edit write patch replace create insert update delete rename move append", _FILES),
    ("read", "read view list get open cat", _PLACES),
    ("search", "grep glob search find", _NEVER),
    ("wait", "output status kill stop wait poll", _RUNNING),
    ("run", "bash shell terminal exec execute command cmd powershell", _NEVER),
    ("delegate", "subagent agent delegate", _NEVER),
)
"""For names that nobody listed: one of the first words, and where there are others, one of them."""


def act_of(call: Called) -> Act:
    name = call.name[:_LONGEST]
    written = written_in(call.arguments)
    sort = sort_of(name)
    if sort == "run":
        sort = sort_of_shell(written[:_LOOKED])
    elif sort == "edit" and _VIEWS.search(written, 0, _LOOKED):
        sort = "read"
    return Act(key_of(call.id), sort, hash((name, written[:_LOOKED], len(written))))


def sort_of(name: str) -> Sort:
    """Servers of tools put their own name before the tool's."""
    own = name.rpartition("__")[2] or name
    bare = own.lower().replace("_", "").replace("-", "").replace(".", "")
    if bare in _EDITORS:
        return "edit"
    return _BY_NAME.get(bare) or _by_words(own)


def _by_words(name: str) -> Sort:
    words = {word.lower() for word in _WORD.findall(name)}
    for sort, does, what in _BY_WORDS:
        if not words.isdisjoint(does.split()) and (not what or not words.isdisjoint(what)):
            return sort
    return "other"


def written_in(arguments: Raw | str) -> str:
    """Some formats write the object of arguments into a string."""
    if isinstance(arguments, str):
        return arguments
    if first(arguments) == '"':
        return text(arguments)
    return bytes(arguments).decode("utf-8", "replace")
