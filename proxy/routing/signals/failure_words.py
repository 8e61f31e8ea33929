"""The words of failures, as programs and tools write them, all in lower case."""

from typing import Final

from proxy.routing.signals.words import phrases_in, words_in

CRASHES: Final = phrases_in("""
    segmentation fault | core dumped | sigsegv | sigkill | sigabrt | out of memory | outofmemory | memoryerror
    bus error | stack overflow | panicked at | panic: | timed out after | oomkilled | command timed out
    stack smashing | access violation | killed by signal
""")

CRASHED: Final = frozenset({"killed", "aborted", "terminated", "killed: 9", "abort trap: 6"})
"""Whole lines."""

ERRORS: Final = phrases_in("""
    npm err! | npm error | could not compile | error[e | error ts | : error: | : fatal error | build failed
    failed to compile | compilation failed | compilation error | syntaxerror: | aborting due to | elifecycle
    cannot find module | undefined reference to | unhandled exception | unhandledpromise | *** [ | collect2:
    modulenotfounderror | no module named | cannot find symbol
""")

ERROR_BEGINS: Final = phrases_in("""
    error: | fatal: | fatal error: | error during | uncaught exception | uncaught error
    exception in thread
""")

SMALL: Final = phrases_in("""
    no such file | not found | does not exist | doesn't exist | no match | not unique | enoent
    failed to find | could not find | couldn't find | has not been read | been modified | occurrences
    is a directory | not a directory | no replacement | nothing to | must be read | more than one
    multiple matches | matches of the string | identical | cannot access | already exists
""")

DECLINED: Final = phrases_in("""
    doesn't want to | does not want to | user rejected | rejected by | declined by | denied by the user
    user declined | user denied | aborted by user | interrupted by | cancelled by | canceled by
    user cancelled | user canceled | rejected this | not approved | user aborted
""")

COMPLAINS: Final = phrases_in("""
    error: | error - | error executing | error reading | error writing | error editing | error calling
    <tool_use_error> | <error> | tool error | failed to | command failed | apply_patch | patch failed
    file does not exist | file not found | no such file | string to replace | old_string | oldstring
    no replacement | no match found for | could not find | couldn't find | unknown tool | no such tool
    permission denied | command timed out | timed out | the tool execution | tool execution failed
    tool call failed | enoent | eacces | unable to | execution failed | operation failed | mcp error
    inputvalidationerror | file has not been read | file has been modified | {"error" | {"success":false
    {"success": false | the user doesn't want | user rejected | invalid patch | cannot edit | fatal:
""")
"""How tools themselves begin when they could not do what was asked."""

MILD: Final = phrases_in("apply_patch | old_string | oldstring | string to replace")
"""They begin what a tool says of its success as well."""
SUCCESS: Final = phrases_in("success | applied | replaced | updated")

TELLS: Final = phrases_in("""
    error | fail | exception | panic | assert | not found | no such | cannot | fatal | killed | timed out
    denied | not exist | undefined | expected | invalid | fault | not unique | abort
    \u25cf | \u2715 | \u00d7 | \u2717
    occurrences | rejected | out of memory | must be
""")
"""A line with one of them may tell what failed; the marks are those of runners of tests."""

GENERIC: Final = (
    "fail\t",
    *phrases_in("""
        npm err | npm error | make: | make[ | error: test failed | error: command failed | exit code
        error command failed | exit status | process exited | exited with | failures | errors:
        error: could not compile | [error] failed to execute | [error] -> | [error] to see | [error] re-run
        [error] for more | execution failed for | build failed | elifecycle | error: process completed
        error: script | error: recipe | there were failing | > there were failing | * try: | fatal: failed
        error: aborting | command failed | for more information about this error | note: | help: | info:
        caused by: | short test summary
    """),
)
"""They end any failure of their kind."""
BARE: Final = words_in("""
    error the a shell bash command process program script failed completed finished ended terminated with
    non-zero exit exited code status return returned returncode exitcode errno output metadata duration
    seconds s ms none false true is
""")
"""A line of nothing else tells that something failed, and by its numbers at most how."""
EXACTLY_GENERIC: Final = frozenset({"fail", "failed", "error", "errors"})
