"""How long the prior takes for 2,000 characters: words it has met, and words it has not."""

import random
import statistics
import string
import time
import tracemalloc
from collections.abc import Callable, Sequence

from proxy.routing.prior import Prior
from proxy.routing.prior.counting import CAP, Words

_ROUNDS = 200


def texts_of(prompts: Sequence[str], size: int = CAP) -> list[str]:
    """The data's own words, cut to one length."""
    joined = "\n".join(prompts)
    return [joined[start : start + size] for start in range(0, min(len(joined), _ROUNDS * size), size)]


def milliseconds(text_of: Callable[[int], str], judge: Callable[[str], object]) -> float:
    """The median of many rounds."""
    taken = []
    for number in range(_ROUNDS):
        text = text_of(number)
        begun = time.perf_counter()
        judge(text)
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken) * 1_000


def timings(data: bytes, prompts: Sequence[str]) -> dict[str, float]:
    """In milliseconds, by what was judged: 2,000 characters where nothing else is said."""
    texts = texts_of(prompts)
    prior = Prior.read(data)
    for text in texts:
        prior.judge(text)
    noise = [_unmet(number) for number in range(_ROUNDS)]
    return {
        "words met before": milliseconds(lambda n: texts[n % len(texts)], prior.judge),
        "no word met before": milliseconds(
            lambda n: texts[n % len(texts)], lambda t: Prior.read(data).judge(t)
        ),
        "made-up words": milliseconds(lambda n: noise[n], prior.judge),
        "without blanks": milliseconds(lambda n: noise[n].replace(" ", ""), prior.judge),
        "1 MB": milliseconds(lambda n: texts[n % len(texts)] * 500, prior.judge),
    }


def memory_mb() -> float:
    """What the memory of words grows to, and stays at."""
    tracemalloc.start()
    words = Words()
    for number in range(100):
        words.total([f"word{number}x{place}" for place in range(1_000)])
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return held / 1e6


def _unmet(number: int) -> str:
    chance = random.Random(number)
    letters = string.ascii_letters + string.digits + string.punctuation
    words = ("".join(chance.choices(letters, k=chance.randrange(1, 12))) for _ in range(CAP))
    return " ".join(words)[:CAP]
