"""The words that tell how a task is built: a table of kinds, each with what belongs to it.

They are words of grammar and of work, not of topics. Words of topics were tried, hashed into learned weights,
and left out: they helped with new questions of known collections and harmed with unknown collections. A word
may belong to several kinds.
"""

from collections.abc import Mapping
from typing import Final

_WORDS: Final[Mapping[str, str]] = {
    "clauses": """
        that which who whose whom where when while as than if whether because although though since unless
        until so how what whereas whenever wherever
        """,
    "joins": "and or but nor yet plus also as well",
    "sequence": """
        first second third then next after before finally step steps later until while once again during when
        begin start end last following
        """,
    "comparisons": """
        more less than twice half times most least fewer greater larger smaller longer shorter older younger
        higher lower best better worst increase decrease remaining left rest another other same different
        """,
    "conditions": """
        if suppose whether would could might may because therefore thus hence so since although however but
        """,
    "limits": """
        must should only exactly without unless except each every between constraint constraints require
        requires required ensure cannot never always limit within following given distinct any all both
        either neither
        """,
    "negations": """
        not no except never none nor neither incorrect false least without cannot can't isn't doesn't don't
        wasn't
        """,
    "maths": """
        sum product number numbers equation solve calculate compute integer integers value values probability
        ratio percent percentage fraction angle triangle circle area volume length radius polynomial matrix
        vector integral derivative prime divisor divisible square root maximum minimum average mean median
        total multiply divide add subtract equal equals graph function
        """,
    "reasoning": """
        why prove proof explain derive analyze analyse evaluate assess justify infer deduce conclude reason
        reasoning determine demonstrate argue investigate diagnose debug critique interpret imply implies
        implications suppose assume assuming hypothesis theorem trade-offs tradeoffs compare contrast discuss
        """,
    "design": """
        design architecture architect system plan strategy migrate migration build create develop
        comprehensive detailed complete scalable distributed microservice microservices security performance
        optimize concurrent concurrency integration framework pipeline production end-to-end infrastructure
        """,
    "code": """
        code function class method api python javascript typescript java rust sql html css regex bug error
        exception stack trace compile test tests unit refactor implement algorithm array string list tuple
        dict json int float return def import variable loop recursion database query schema server client
        thread async deploy docker git program script
        """,
    "errands": """
        list show display run execute launch start stop read open close print fetch get pull push commit merge
        revert rename relabel find locate search give write convert translate fix repair correct change modify
        adjust edit update replace swap set bump summarize summarise format tidy sort clean add append insert
        put include remove delete drop move copy relocate install enable disable use apply employ check rerun
        hello hi thanks thank yes ok okay good morning
        """,
    "orders": """
        write compose find create design draft implement compute explain prove solve calculate determine show
        give describe make build list let suppose consider outline derive propose suggest develop construct
        """,
}

KINDS: Final = tuple(_WORDS)


def _kinds_by_word() -> dict[str, tuple[int, ...]]:
    members = [set(words.split()) for words in _WORDS.values()]
    return {
        word: tuple(place for place, belonging in enumerate(members) if word in belonging)
        for word in set().union(*members)
    }


KINDS_OF: Final[Mapping[str, tuple[int, ...]]] = _kinds_by_word()
"""The places in `KINDS`, by word."""

_ASKING: Final = """
    what who whom whose when where which how why is are was were does do did can could will would should has
    have
    """
ASKING: Final = frozenset(_ASKING.split())
"""How questions begin, also those without their mark."""
