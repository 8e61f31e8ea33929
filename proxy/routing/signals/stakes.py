"""What makes work on a program hard, by the words that people use for it: weak evidence, and listed as such.

Whole words count, and phrases where a word alone says nothing: an author is no authority, and "all" is in
every second request. Of a long text the beginning and the end are looked at.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from proxy.routing.signals.words import phrases_in, plain_words, words_in


class Stake(StrEnum):
    CONCURRENCY = "things that happen at the same time"
    DOUBT = "an unknown cause"
    SPEED = "time and memory"
    SCOPE = "many places at once"
    CARE = "what must not break"
    DESIGN = "a design"
    SECURITY = "security"


_HALF: Final = 1_000
"""Characters that are looked at, at either end."""

_WORDS: Final[Mapping[Stake, frozenset[str]]] = {
    Stake.CONCURRENCY: words_in("""
        race races racy deadlock deadlocks deadlocked livelock concurrency concurrent concurrently mutex
        mutexes semaphore locking lock-free atomic atomically thread-safe threadsafe reentrant
        simultaneous simultaneously idempotent idempotency idempotence exactly-once lease leases consensus
        replication gleichzeitig nebenläufig simultáneo simultané
    """),
    Stake.DOUBT: words_in("""
        sometimes randomly intermittent intermittently flaky flakes occasionally sporadic sporadically
        investigate nondeterministic heisenbug mysterious mysteriously unexplained leak leaks leaking manchmal
        gelegentlich sporadisch parfois
    """),
    Stake.SPEED: words_in("""
        performance slow slower faster speed latency throughput bottleneck bottlenecks optimise
        optimize optimisation optimization scale scales scaling scalability profiling gb langsam schneller
        lent lento
    """),
    Stake.SCOPE: words_in("""
        refactor refactoring restructure rewrite rework redesign modularise modularize migrate migration
        migrations decouple untangle consolidate across everywhere codebase repo-wide umbauen migrieren
    """),
    Stake.CARE: words_in("""
        compatible compatibility backwards backward-compatible invariant invariants guarantee guarantees
        guaranteed safely correctness rollback lossless zero-downtime kompatibel
    """),
    Stake.DESIGN: words_in("""
        design designing architecture architect architectural trade-off trade-offs tradeoff tradeoffs propose
        strategy strategies protocol rfc entwirf entwurf architektur diseña
        conçois
    """),
    Stake.SECURITY: words_in("""
        security secure vulnerability vulnerabilities vulnerable exploit exploitable attacker attackers
        attack attacks injection xss csrf ssrf cve sandbox untrusted threat threats privilege privileges
        sicherheit
    """),
}
_PHRASES: Final[Mapping[Stake, tuple[str, ...]]] = {
    Stake.CONCURRENCY: phrases_in("""
        at the same time | thread safe | two workers | two processes | lost update | out of order
    """),
    Stake.DOUBT: phrases_in("""
        find out | figure out | out why | no idea | my machine | can't reproduce | cannot reproduce
        root cause | only in production | on ci | not sure why | once in a while | from time to time
    """),
    Stake.SPEED: phrases_in("""
        takes forever | too long | out of memory | all my memory | too much memory | memory usage
    """),
    Stake.SCOPE: phrases_in("""
        all callers | all the callers | whole code | entire code | whole project | whole repo | every module
        all modules | every file | all files
    """),
    Stake.CARE: phrases_in("""
        without breaking | without changing | must not | must never | must stay | must keep | stay the same
        same behaviour | same behavior | keep working | edge case | corner case | no data loss | safe against
    """),
    Stake.DESIGN: phrases_in("""
        think about | think through | think it through | how should we | how would you | what would you
        which should | should we | would you rather | best way to | pros and cons | safe way
    """),
    Stake.SECURITY: phrases_in("threat model | access control | who can reach | path traversal"),
}


def stakes_in(text: str) -> frozenset[Stake]:
    low = (text if len(text) <= 2 * _HALF else f"{text[:_HALF]} {text[-_HALF:]}").casefold()
    words = frozenset(plain_words(low))
    return frozenset(
        stake
        for stake in Stake
        if not words.isdisjoint(_WORDS[stake]) or any(phrase in low for phrase in _PHRASES[stake])
    )
