"""More words for what a model says, where a scenario has the gist only: sentences about code, from a seed."""

import random
from zlib import crc32

_SUBJECTS = (
    *(
        "the parser",
        "the cache",
        "the second branch",
        "this helper",
        "the loop",
        "the caller",
        "the new test",
    ),
    *(
        "the constructor",
        "the lock",
        "the fallback",
        "the default",
        "each worker",
        "the store",
        "the old path",
    ),
)
_VERBS = (
    *("keeps", "reads", "returns", "checks", "replaces", "passes on", "counts", "skips", "holds", "builds"),
    *("compares", "drops", "writes", "waits for"),
)
_OBJECTS = (
    *("the value it was given", "one entry at a time", "the result of the call", "an empty list"),
    *("the first match only", "the raw bytes", "what the test expects", "the order of the keys"),
    *("its own copy", "the last line", "every item once", "the name of the file", "the error as it came"),
)
_LINKS = (
    *("so nothing else has to change", "which is why the order matters", "and the tests cover that"),
    *("but only when the input is empty", "as before", "even if it is called twice", "so a retry is safe"),
    *("which I left as it is", "and that is cheap", "because the caller relies on it"),
)


def prose(seed: str, words: int) -> str:
    """About so many words, in paragraphs."""
    draw = random.Random(crc32(seed.encode()))
    told: list[str] = []
    while sum(len(one.split()) for one in told) < words:
        told.append(_sentence(draw) + draw.choice([" ", " ", " ", "\n\n", "\n- "]))
    return "".join(told).rstrip(" \n-")


def _sentence(draw: random.Random) -> str:
    subject, verb, link = draw.choice(_SUBJECTS), draw.choice(_VERBS), draw.choice(_LINKS)
    return f"{subject.capitalize()} {verb} {draw.choice(_OBJECTS)}, {link}."
