"""The tokens of the tiny model: every byte, the marks of its chat template, and the words it can say."""

from itertools import chain

SAY = ("Hello", " from", " the", " tiny", " local", " model.")
DONE = ("Done", ": the", " tool", " answered.")
THINK = ("Let me", " see", " this.")
MAYBE = ("Maybe", "Perhaps", "Possibly", "Probably")
OR_NOT = (" yes", " no", " both", " neither")
LOOP = (" tick", " tock")
PING = '{"name": "ping", "arguments": {}}'
PING_CALL = f"<tool_call>\n{PING}\n</tool_call>\n"
LEAK = ("I will call", ": ", "<function_call>", PING, "</function_call>")

END_OF_TEXT = "<|endoftext|>"
TURN = "<|im_start|>"
END = "<|im_end|>"
# Not one of these may be called <|call|>: llama.cpp takes that for an end of generation, and a forced tool
# call then aborts the whole server.
GO_SAY, GO_CALL, GO_DONE, GO_UNSURE, GO_LOOP, GO_THINK, GO_TWICE, GO_LEAK = STARTS = (
    "<|go_say|>",
    "<|go_call|>",
    "<|go_done|>",
    "<|go_unsure|>",
    "<|go_loop|>",
    "<|go_think|>",
    "<|go_twice|>",
    "<|go_leak|>",
)
CALL, CALL_END, THINKING, THINKING_END = MARKS = ("<tool_call>", "</tool_call>", "<think>", "</think>")
CONTROL = (END_OF_TEXT, TURN, END, *STARTS)
WORDS = tuple(chain(SAY, DONE, THINK, MAYBE, OR_NOT, LOOP, (PING_CALL,), LEAK))
BYTES = 256
SIZE = 320
"""Padded to a multiple of 32."""


def _stand_ins() -> list[str]:
    """The printable character by which GPT-2's tokenizer writes each byte."""
    printable = {*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    others = [byte for byte in range(BYTES) if byte not in printable]
    return [chr(byte if byte in printable else BYTES + others.index(byte)) for byte in range(BYTES)]


STAND_INS = _stand_ins()


def written(word: str) -> str:
    """A word as it stands in the file."""
    return "".join(STAND_INS[byte] for byte in word.encode())


IDS = {token: BYTES + place for place, token in enumerate((*CONTROL, *MARKS, *WORDS))}


def token(text: str) -> int:
    """A token's number: a single character is its byte."""
    return IDS[text] if text in IDS else text.encode()[0]
