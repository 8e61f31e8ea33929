"""What a provider's complaint about a request says that it does not take, so that it can be asked once more.

Vendors say it in sentences, and these sentences are the table here. A complaint about the client's own words
(system, tools, messages) is the client's to hear: nothing is read from it. What a service refuses is learned
by name; ways of thinking by the names that `facts.taught` knows.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from proxy.providers.fitting.refused_names import name_in, names_in
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """How to ask again."""

    refuses: frozenset[str] = frozenset()
    max_output: int | None = None
    drops_thinking: bool = False
    """The history's thinking is what is wrong; this holds for one conversation, and is not to be learned."""


_FLAGS = re.IGNORECASE | re.DOTALL

# The complaint is about this one conversation: thinking that another signed, or that is missing from it.
_ABOUT_THE_HISTORY = re.compile(
    r"invalid [`'\"]?signature[`'\"]? in [`'\"]?thinking"
    r"|signature.{0,40}\bthinking\b.{0,40}\binvalid"
    r"|expected [`'\"]?thinking[`'\"]? or [`'\"]?redacted_thinking"
    r"|(?:thinking|redacted_thinking)[`'\"]? blocks .{0,60}cannot be modified"
    r"|bound to a different conversation"
    r"|must be passed back"
    r"|thinking is enabled but reasoning_content is missing"
    r"|missing a [`'\"]?thought_signature|thought signature is (?:not valid|invalid)"
    r"|thinking may not be enabled when tool_choice"
    r"|role [`'\"]?system[`'\"]? is not supported",
    _FLAGS,
)

_LARGEST_ANSWER = re.compile(
    r"max_tokens: \d+ > (\d+), which is the maximum"
    r"|max_(?:completion_|output_)?tokens is too large: \d+\. this model supports at most (\d+)"
    r"|max_(?:completion_)?tokens[`'\"]? must be less than or equal to [`'\"]?(\d+)"
    r"|valid range of max_tokens is \[1, (\d+)\]"
    r"|max(?:imum)?[ _]tokens you requested exceeds the model limit of (\d+)"
    r"|supported range is from 1 \(inclusive\) to (\d+) \(exclusive\)",
    _FLAGS,
)

_THINKING: Mapping[Format, str] = {
    Format.ANTHROPIC: "thinking",
    Format.OPENAI_CHAT: "reasoning_effort",
    Format.RESPONSES: "reasoning",
    Format.GEMINI: "thinkingConfig",
    Format.OLLAMA: "think",
}

_EFFORT: Mapping[Format, str] = {**_THINKING, Format.ANTHROPIC: "output_config.effort"}


def _of_thinking(format_: Format, _: re.Match[str]) -> frozenset[str]:
    return _if_any(_THINKING.get(format_))


def _of_effort(format_: Format, _: re.Match[str]) -> frozenset[str]:
    return _if_any(_EFFORT.get(format_))


def _of_a_way(_: Format, found: re.Match[str]) -> frozenset[str]:
    return frozenset({f"thinking.{found['way'].lower()}"})


def _of_context_edits(_: Format, __: re.Match[str]) -> frozenset[str]:
    return frozenset({"context_management"})


def _of_a_place(format_: Format, found: re.Match[str]) -> frozenset[str]:
    return _if_any(name_in(format_, found["name"], found.groupdict().get("place")))


def _of_several(format_: Format, found: re.Match[str]) -> frozenset[str]:
    return frozenset(names_in(format_, found["names"]))


def _if_any(name: str | None) -> frozenset[str]:
    return frozenset({name}) if name else frozenset()


_Reader = Callable[[Format, re.Match[str]], frozenset[str]]
_NAME = r"[`'\"]?(?P<name>[A-Za-z_][\w.\[\]-]*)[`'\"]?"

_SENTENCES: tuple[tuple[str, _Reader], ...] = (
    # Ways of thinking; they stand before the general sentences, which name too much.
    (r"[`'\"]?thinking\.type\.(?P<way>adaptive|enabled|disabled)[`'\"]? is not supported", _of_a_way),
    (r"(?P<way>adaptive) thinking is not supported", _of_a_way),
    (r"thinking[\w.]*: input tag [`'\"](?P<way>adaptive|enabled|disabled)[`'\"] found", _of_a_way),
    (r"clear_thinking_\d+[`'\"]? strategy requires", _of_context_edits),
    (r"does not support the effort parameter", _of_effort),
    (r"does not support thinking|thinking is not (?:supported|enabled) (?:by|for|on)", _of_thinking),
    (r"think value .{1,40} is not supported|invalid think value", _of_thinking),
    (r"thinking[ _](?:level|budget)[\w ]* is not supported|only works in thinking mode", _of_thinking),
    (r"budget \d+ is invalid", _of_thinking),
    # Values that are one too many.
    (r"[`'\"]?temperature[`'\"]? and [`'\"]?(?P<name>top_p)[`'\"]? cannot both be specified", _of_a_place),
    (r"invalid (?P<name>temperature|top_p|presence_penalty|frequency_penalty): only", _of_a_place),
    # Names, from the most exact sentence to the most general one.
    (rf"unknown name {_NAME}(?: at [`'\"](?P<place>[^`'\"]*)[`'\"])?", _of_a_place),
    (rf"extraneous key \[{_NAME}\] is not permitted", _of_a_place),
    (rf"extra inputs are not permitted, field: {_NAME}", _of_a_place),
    (r"(?P<name>[A-Za-z_][\w.\[\]-]*): extra inputs are not permitted", _of_a_place),
    (r"property [`'\"](?P<name>[\w.]+)[`'\"] is unsupported", _of_a_place),
    (r"unrecogni[sz]ed request arguments? supplied: (?P<names>[\w., ]+)", _of_several),
    (r"unrecogni[sz]ed key\(s\) in object: (?P<names>[\w.,'\"` ]+)", _of_several),
    (rf"unsupported value: {_NAME} does not support", _of_a_place),
    (
        rf"(?:unsupported|unknown|unrecogni[sz]ed|unexpected) (?:parameter|argument|field)s?: {_NAME}",
        _of_a_place,
    ),
    (rf"(?:parameter|argument) not supported on this model: {_NAME}", _of_a_place),
    (rf"does not support (?:the )?parameter:? {_NAME}", _of_a_place),
    (
        rf"{_NAME} (?:is not supported|is deprecated|is not available) (?:with|for|by|on) this model",
        _of_a_place,
    ),
)
_TABLE = tuple((re.compile(sentence, _FLAGS), reader) for sentence, reader in _SENTENCES)

_CORRECTABLE = (FailureKind.BAD_REQUEST, FailureKind.TOO_LARGE)


def refused(failure: Failure, format: Format) -> Correction | None:  # noqa: A002 -- the word of the domain
    """What to ask otherwise; None where nothing but the client's own words could be changed."""
    if failure.kind not in _CORRECTABLE:
        return None
    sentence = failure.sentence
    if _ABOUT_THE_HISTORY.search(sentence):
        return Correction(drops_thinking=True)
    largest = _LARGEST_ANSWER.search(sentence)
    if largest is not None:
        return Correction(max_output=_largest(largest))
    names = next((names for names in _readings(sentence, format) if names), frozenset[str]())
    return Correction(refuses=names) if names else None


def _readings(sentence: str, format_: Format) -> Iterator[frozenset[str]]:
    """What each kind of sentence in it names, the most exact kind first."""
    for pattern, reader in _TABLE:
        yield frozenset().union(*(reader(format_, found) for found in pattern.finditer(sentence)))


def _largest(found: re.Match[str]) -> int:
    number = int(next(group for group in found.groups() if group))
    return number - 1 if "exclusive" in found[0] else number
