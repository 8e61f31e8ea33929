"""What estimating the tokens of a request costs, in milliseconds for a megabyte.

    python -m benchmarks.estimate [--rounds 40]

The long turn of Claude Code in each format that is counted, and bodies that are all of one kind: Chinese
text, the same with every character escaped, and pictures.
"""

import argparse
import base64
import json
import statistics
import sys
import time
from collections.abc import Iterator
from typing import Any

from benchmarks.traffic import body_of_a_long_turn
from benchmarks.wire import Everything
from proxy.wire.estimate import estimate_tokens
from proxy.wire.format import Format
from proxy.wire.sides import CLIENT, PROVIDER
from proxy.wire.target import Target

MEGABYTE = 1024 * 1024
MOST_MS = 5.0
FORMATS = (Format.OPENAI_CHAT, Format.RESPONSES, Format.GEMINI)


def asking(content: Any, *, ensure_ascii: bool = False) -> bytes:
    body = {"model": "m", "messages": [{"role": "user", "content": content}]}
    return json.dumps(body, ensure_ascii=ensure_ascii).encode()


def bodies() -> Iterator[tuple[str, Format, bytes]]:
    turn = body_of_a_long_turn()
    yield "long turn, anthropic", Format.ANTHROPIC, turn
    conversation = CLIENT[Format.ANTHROPIC].read_request(turn)
    for format_ in FORMATS:
        same = PROVIDER[format_].write_request(conversation, Target(model="m", issued=Everything()))
        yield f"long turn, {format_}", format_, same.body
    chinese = "敏捷的棕色狐狸跳过了懒狗。" * (MEGABYTE // 39)
    yield "Chinese", Format.ANTHROPIC, asking(chinese)
    yield "Chinese, escaped", Format.ANTHROPIC, asking(chinese[: MEGABYTE // 6], ensure_ascii=True)
    data = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(MEGABYTE // 4)).decode()
    source = {"type": "base64", "media_type": "image/png", "data": data}
    yield "pictures", Format.ANTHROPIC, asking([{"type": "image", "source": source}] * 3)


def milliseconds(body: bytes, format_: Format, rounds: int) -> list[float]:
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        estimate_tokens(body, format_)
        times.append((time.perf_counter() - began) * 1e3 * MEGABYTE / len(body))
    return times


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=40)
    rounds = parser.parse_args().rounds
    met = True
    for name, format_, body in bodies():
        times = milliseconds(body, format_, rounds)
        median = statistics.median(times)
        met &= median < MOST_MS
        rate = len(body) / estimate_tokens(body, format_)
        print(
            f"{name:<26}{median:6.2f} ms/MB   best {min(times):5.2f}   bar < {MOST_MS:g}   "
            f"{rate:7.2f} bytes a token{'' if median < MOST_MS else '   NOT met'}"
        )
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
