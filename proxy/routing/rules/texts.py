"""Tests of texts: contains, equals, glob, regex, in."""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Final

from proxy.config import did_you_mean
from proxy.routing.rules.check import HELD, MISSED, Asked, Check, Make, MisfitError, Outcome
from proxy.routing.rules.glob import BadGlobError, compiled_glob
from proxy.routing.rules.pattern import searching
from proxy.routing.rules.situation import Situation
from proxy.wire.proof import may_prove

Find = Callable[[str], Outcome]
Read = Callable[[Situation], str]

_REGEX: Final = "regex"


def text_tests(read: Read, *ops: str) -> Mapping[str, Make]:
    """Tests of a text that every request has, be it empty."""

    def making(op: str) -> Make:
        return lambda asked: _check(op, asked, read)

    return {op: making(op) for op in ops}


def names_tests(read: Callable[[Situation], Collection[str]], *ops: str) -> Mapping[str, Make]:
    """Tests that hold if any one of several names passes."""

    def making(op: str) -> Make:
        def make(asked: Asked) -> Check:
            find = _FINDS[op](asked)
            return lambda situation: HELD if any(find(name)[0] for name in read(situation)) else MISSED

        return make

    return {op: making(op) for op in ops}


def choice_tests(read: Read, choices: Collection[str] = ()) -> Mapping[str, Make]:
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
    """Tests of one header. One that is absent passes none but `absent`.

    What a rule says is shown in windows and kept in the record, where no secret may be.
    """
    key = name.lower()

    def is_there(situation: Situation) -> bool:
        return key in situation.signals.headers

    def making(op: str) -> Make:
        def make(asked: Asked) -> Check:
            if may_prove(key):
                raise MisfitError(f"{name} may carry a secret; allowed: present, absent", "op")
            check = _check(op, asked, lambda situation: situation.signals.headers[key])
            return lambda situation: check(situation) if is_there(situation) else MISSED

        return make

    presence = presence_tests(is_there, "present", "absent")
    return {**{op: making(op) for op in ("equals", "contains", "glob", "regex")}, **presence}


def _check(op: str, asked: Asked, read: Read) -> Check:
    if op == _REGEX:
        search = searching(asked.text, ignore_case=asked.ignore_case)
        return lambda situation: search(read(situation), situation.patience)
    find = _FINDS[op](asked)
    return lambda situation: find(read(situation))


def _among(read: Read, wanted: frozenset[str]) -> Check:
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
        return _contained_folded(wanted)
    return _contained(wanted)


def _contained(wanted: str) -> Find:
    def find(text: str) -> Outcome:
        offset = text.find(wanted)
        return MISSED if offset < 0 else (True, offset)

    return find


def _contained_folded(wanted: str) -> Find:
    """Some letters change their length with their case, so only plain ones are folded before the search."""
    pattern = re.compile(re.escape(wanted), re.IGNORECASE)
    find_lower = _contained(wanted.lower())

    def find(text: str) -> Outcome:
        if text.isascii() and wanted.isascii():
            return find_lower(text.lower())
        match = pattern.search(text)
        return MISSED if match is None else (True, match.start())

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


_FINDS: Final[Mapping[str, Callable[[Asked], Find]]] = {
    "contains": _contains,
    "equals": _equals,
    "in": _in,
    "glob": _glob,
}

OPS_WITH_CASE: Final = frozenset((*_FINDS, _REGEX))
