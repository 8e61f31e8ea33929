"""Other words for the same: pairs that may stand for each other in what developers type."""

from collections.abc import Mapping
from typing import Final

_CONTRACTED: Final = """
do not/don't, does not/doesn't, did not/didn't, is not/isn't, are not/aren't, was not/wasn't, were
not/weren't, has not/hasn't, have not/haven't, had not/hadn't, cannot/can't, could not/couldn't, should
not/shouldn't, would not/wouldn't, will not/won't, must not/mustn't, it is/it's, that is/that's, there
is/there's, what is/what's, where is/where's, who is/who's, how is/how's, here is/here's, let us/let's, I
am/I'm, I have/I've, I will/I'll, I would/I'd, you are/you're, you have/you've, you will/you'll, we
are/we're, we have/we've, we will/we'll, they are/they're, they have/they've
"""

_ALIKE: Final = """
fix/repair, bug/defect, error/failure, failing/broken, show/display, remove/delete, add/insert, create/make,
change/modify, rename/relabel, find/locate, look at/inspect, check/verify, run/execute, start/launch,
stop/halt, explain/describe, why/for what reason, quickly/fast, slow/sluggish, faster/quicker, big/large,
small/little, whole/entire, every/each, all of the/all the, only/just, also/too, again/once more, first/to
begin with, then/after that, now/at this point, currently/at present, before/prior to, after/following,
because/since, but/however, about/regarding, near/close to, use/employ, uses/employs, used/employed,
using/employing, need/require, needs/requires, want/would like, help/assist, try/attempt, tries/attempts,
keep/retain, keeps/retains, move/relocate, moves/relocates, split/divide, join/combine, merge/unite,
build/construct, write/compose, read/go through, get/fetch, gets/fetches, set/assign, sets/assigns,
return/give back, returns/gives back, call/invoke, calls/invokes, called/invoked, caller/invoker,
handle/deal with, handles/deals with, happen/occur, happens/occurs, work/function, works/functions,
support/allow for, test/check, tests/checks, code/source, function/routine, functions/routines,
method/procedure, methods/procedures, class/type, file/document, files/documents, folder/directory,
folders/directories, path/location, name/label, names/labels, list/enumeration, number/count, value/amount,
values/amounts, option/setting, options/settings, argument/parameter, arguments/parameters, message/notice,
messages/notices, output/result, input/entry, line/row, lines/rows, comment/remark, comments/remarks,
docs/documentation, idea/thought, plan/outline, approach/strategy, solution/answer, problem/issue,
problems/issues, task/job, tasks/jobs, step/stage, steps/stages, part/portion, parts/portions,
example/sample, examples/samples, way/manner, reason/cause, difference/distinction, design/draft, review/go
over, refactor/restructure, simplify/make simpler, improve/better, optimize/tune, update/refresh,
upgrade/bring up to date, install/set up, ensure/make sure, compare/contrast, decide/settle, consider/think
about, suggest/propose, discuss/talk through, correct/right, wrong/incorrect, missing/absent, empty/blank,
new/fresh, old/previous, same/identical, different/distinct, simple/plain, complex/complicated,
important/significant, necessary/needed, possible/feasible, safe/secure, clear/obvious, weird/odd,
entirely/completely, really/truly, maybe/perhaps, usually/normally, often/frequently, always/every time,
together/jointly, users/people, concurrent/parallel, shared/common, cache/buffer, queue/waiting line,
thread/worker, threads/workers, database/store, table/relation, field/member, fields/members,
column/attribute, server/backend, request/query, requests/queries, response/reply, responses/replies,
timeout/time limit, retry/try again, crash/abort, crashes/aborts, hang/freeze, hangs/freezes, leak/loss,
race/conflict
"""


def _pairs(told: str) -> Mapping[str, str]:
    """Both ways; where a word stands in several pairs, the first counts."""
    found: dict[str, str] = {}
    for pair in told.replace("\n", " ").split(","):
        one, other = pair.strip().split("/")
        found.setdefault(one.casefold(), other)
        found.setdefault(other.casefold(), one)
    return found


CONTRACTIONS: Final = _pairs(_CONTRACTED)
SYNONYMS: Final = _pairs(_ALIKE)
