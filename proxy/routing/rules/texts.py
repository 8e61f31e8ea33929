"""Tests of texts: contains, equals, glob, regex, in."""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Final

from proxy.config import did_you_mean
from proxy.routing.rules.check import HELD, MISSED, Asked, Check, Make, MisfitError, Outcome
from proxy.routing.rules.glob import BadGlobError, compiled_glob
from proxy.routing.rules.pattern import searching
from proxy.routing.rules.situation import Situation

Find = Callable[[str], Outcome]


def text_tests(read: Callable[[Situation], str], *ops: str) -> Mapping[str, Make]:
    """Tests of a text that every request has, be it empty."""

    def making(op: str) -> Make:
        def make(asked: Asked) -> Check:
            find = _FINDS[op](asked)
            return lambda situation: find(read(situation))

        return make

    return {op: making(op) for op in ops}


def names_tests(read: Callable[[Situation], Collection[str]], *ops: str) -> Mapping[str, Make]:
    """Tests that hold if any one of several names passes."""

    def making(op: str) -> Make:
        def make(asked: Asked) -> Check:
            find = _FINDS[op](asked)
            return lambda situation: HELD if any(find(name)[0] for name in read(situation)) else MISSED

        return make

    return {op: making(op) for op in ops}


def choice_tests(read: Callable[[Situation], str], choices: Collection[str] = ()) -> Mapping[str, Make]:
    """Tests of a word out of a closed set, however the rule writes it; without choices any word will do."""

    def make_equals(asked: Asked) -> Check:
        return _among(read, _chosen((asked.text,), choices))

    def make_in(asked: Asked) -> Check:
        return _among(read, _chosen(asked.texts, choices))

    return {"equals": make_equals, "in": make_in}


def presence_tests(is_there: Callable[[Situation], bool], there: str, missing: str) -> Mapping[str, Make]:
    """Two tests that compare with nothing: whether something is there, and whether it is not."""
    return {
        there: lambda _: lambda situation: HELD if is_there(situation) else MISSED,
        missing: lambda _: lambda situation: MISSED if is_there(situation) else HELD,
    }


def header_tests(name: str) -> Mapping[str, Make]:
    """Tests of one header. One that is absent passes none but `absent`."""
    key = name.lower()

    def making(op: str) -> Make:
        def make(asked: Asked) -> Check:
            if key in _CREDENTIALS:
                raise MisfitError(f"{name} carries a secret; allowed: present, absent", "op")
            find = _FINDS[op](asked)

            def check(situation: Situation) -> Outcome:
                value = situation.signals.headers.get(key)
                return MISSED if value is None else find(value)

            return check

        return make

    presence = presence_tests(lambda situation: key in situation.signals.headers, "present", "absent")
    return {**{op: making(op) for op in ("equals", "contains", "glob", "regex")}, **presence}


_CREDENTIALS: Final = frozenset(
    {"authorization", "cookie", "proxy-authorization", "x-api-key", "x-goog-api-key", "x-tierwise-token"}
)
"""What a rule says is shown in windows and kept in the record, where no secret may be."""


def _among(read: Callable[[Situation], str], wanted: frozenset[str]) -> Check:
    return lambda situation: HELD if read(situation) in wanted else MISSED


def _chosen(words: tuple[str, ...], choices: Collection[str]) -> frozenset[str]:
    folded = [word.lower() for word in words]
    for word in folded:
        if choices and word not in choices:
            allowed = ", ".join(choices)
            raise MisfitError(f'found "{word}"; allowed: {allowed}{did_you_mean(word, choices)}')
    return frozenset(folded)


def _contains(asked: Asked) -> Find:
    wanted = asked.text
    if not wanted:
        raise MisfitError("found an empty text, which every text contains; leave the condition out")
    if asked.ignore_case:
        pattern = re.compile(re.escape(wanted), re.IGNORECASE)

        def find_folded(text: str) -> Outcome:
            match = pattern.search(text)
            return MISSED if match is None else (True, match.start())

        return find_folded

    def find(text: str) -> Outcome:
        offset = text.find(wanted)
        return MISSED if offset < 0 else (True, offset)

    return find


def _equals(asked: Asked) -> Find:
    wanted = asked.text
    if asked.ignore_case:
        folded = wanted.casefold()
        return lambda text: HELD if text.casefold() == folded else MISSED
    return lambda text: HELD if text == wanted else MISSED


def _in(asked: Asked) -> Find:
    if asked.ignore_case:
        folded = frozenset(text.casefold() for text in asked.texts)
        return lambda text: HELD if text.casefold() in folded else MISSED
    wanted = frozenset(asked.texts)
    return lambda text: HELD if text in wanted else MISSED


def _glob(asked: Asked) -> Find:
    try:
        match = compiled_glob(asked.text, ignore_case=asked.ignore_case).match
    except BadGlobError as error:
        raise MisfitError(f"is no glob: {error}") from error
    return lambda text: HELD if match(text) else MISSED


def _regex(asked: Asked) -> Find:
    return searching(asked.text, ignore_case=asked.ignore_case, patience=asked.patience)


_FINDS: Final[Mapping[str, Callable[[Asked], Find]]] = {
    "contains": _contains,
    "equals": _equals,
    "in": _in,
    "glob": _glob,
    "regex": _regex,
}

OPS_WITH_CASE: Final = frozenset(_FINDS)
