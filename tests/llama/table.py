"""What the tiny model says after what: one column of scores for each token that came last.

Free text follows its chain of words. Under a grammar (a tool call, a JSON schema) only some bytes are
allowed, and the scores are such that the best of them closes whatever is open: strings are empty, integers
are 1, arrays have no elements.
"""

from itertools import pairwise
from typing import Any

import numpy as np

from tests.llama import vocabulary as v

Scores = np.ndarray[Any, np.dtype[np.float32]]

BEST = 100
STEP = 12
PER_BYTE = -8  # steep, so that of two names one letter apart always the same one wins
NEVER = -4000
CLOSES_AT_ONCE = 130

AFTER_ANY_BYTE = ('"', "}", "]", ",", v.END)
AFTER: dict[str, tuple[str, ...]] = {
    '"': ('"', "}", "]", ",", ":", v.END),
    ":": (" ", '"', "1", "{", "}"),
    " ": ('"', "1", "{", "}"),
    ",": (" ", '"'),
    "{": ('"', "}"),
    "}": ("}", "\n", v.CALL_END, v.END, "]", ","),
    "\n": ("{", v.CALL_END, v.END),
    v.GO_CALL: (v.CALL,),
    v.CALL: ("\n",),
    v.CALL_END: (v.END,),
}
CHAINS = (
    (v.GO_SAY, *v.SAY, v.END),
    (v.GO_DONE, *v.DONE, v.END),
    (v.GO_THINK, v.THINKING, *v.THINK, v.THINKING_END, *v.SAY, v.END),
    (v.GO_LOOP, *v.LOOP, v.LOOP[0]),
    (v.GO_TWICE, v.PING_CALL, v.CALL),
    (v.GO_LEAK, *v.LEAK, v.END),
)
UNSURE_BEST = 40
UNSURE_STEP = 0.25


def next_token_scores() -> Scores:
    """scores[next, last]"""
    scores = np.full((v.SIZE, v.SIZE), NEVER, dtype=np.float32)
    scores[: v.BYTES, :] = PER_BYTE * np.arange(v.BYTES, dtype=np.float32)[:, None]
    for byte in range(v.BYTES):
        if chr(byte) not in AFTER:
            _rank(scores, byte, AFTER_ANY_BYTE)
    for last, following in AFTER.items():
        _rank(scores, v.token(last), following)
    scores[v.token("]"), v.token("[")] = CLOSES_AT_ONCE
    for chain in CHAINS:
        for word, next_word in pairwise(chain):
            _rank(scores, v.token(word), (next_word,))
    _hesitate(scores)
    return scores


def _rank(scores: Scores, last: int, following: tuple[str, ...]) -> None:
    for place, text in enumerate(following):
        scores[v.token(text), last] = BEST - STEP * place


def _hesitate(scores: Scores) -> None:
    """Two words, each barely more likely than its rivals."""
    for place, word in enumerate(v.MAYBE):
        scores[v.token(word), v.token(v.GO_UNSURE)] = UNSURE_BEST - UNSURE_STEP * place
        for second, other in enumerate(v.OR_NOT):
            scores[v.token(other), v.token(word)] = UNSURE_BEST - UNSURE_STEP * second
    for other in v.OR_NOT:
        _rank(scores, v.token(other), (v.END,))
