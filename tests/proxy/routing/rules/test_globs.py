"""Globs describe whole texts, and take no longer for being clever."""

import fnmatch
import time
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.routing.rules.glob import BadGlobError, compiled_glob


def fits(glob: str, text: str) -> bool:
    return compiled_glob(glob).match(text) is not None


@pytest.mark.parametrize(
    ("glob", "text", "expected"),
    [
        ("", "", True),
        ("", "a", False),
        ("*", "", True),
        ("*", "a/b\nc", True),
        ("a?c", "abc", True),
        ("a?c", "a\nc", True),
        ("a?c", "ac", False),
        ("[a-c]1", "b1", True),
        ("[!a-c]1", "b1", False),
        ("[^a-c]1", "d1", True),
        ("[]]", "]", True),
        ("[!]]", "]", False),
        ("[*]", "*", True),
        ("[*]", "a", False),
        ("[a-]", "-", True),
        ("[\\]", "\\", True),
        ("[,]{a,[}]}", ",}", True),
        ("{a,b}c", "bc", True),
        ("{a,b}c", "c", False),
        ("{,a}c", "c", True),
        ("{a{1,2},b}", "a2", True),
        ("*{abcd,c}*d", "abcd", True),
        ("*aab", "aaaab", True),
        ("*ab*ab", "ab", False),
        ("a.c", "abc", False),
        ("claude-*-{4,5}-*", "claude-opus-4-8", True),
        ("abc", "abc\n", False),
    ],
)
def test_a_glob_describes_the_whole_text(glob: str, text: str, expected: bool) -> None:
    assert fits(glob, text) is expected


@pytest.mark.parametrize(
    ("glob", "why"),
    [
        ("[a", "a [ without its ]"),
        ("[]", "a [ without its ]"),
        ("{a,b", "a { without its }"),
        ("a}", "a } without its {"),
        ("[z-a]", "a set in it is wrong"),
        ("{a,b}" * 10, "more than 100 globs"),
        ("{" * 400 + "}" * 400, "more than 20 braces"),
        ("*" * 1001, "longer than 1000"),
    ],
)
def test_a_bad_glob_says_what_is_wrong_with_it(glob: str, why: str) -> None:
    with pytest.raises(BadGlobError, match=why.replace("[", r"\[").replace("{", r"\{")):
        compiled_glob(glob)


PLAIN = st.text(alphabet="ab*?/.\n", max_size=8)


@given(PLAIN, st.text(alphabet="ab/.\n", max_size=8))
def test_without_braces_it_agrees_with_fnmatch(glob: str, text: str) -> None:
    assert fits(glob, text) == fnmatch.fnmatchcase(text, glob)


@given(st.lists(st.lists(PLAIN, min_size=1, max_size=3), max_size=3), st.text(alphabet="ab/.", max_size=8))
def test_braces_are_either_of_their_globs(parts: list[list[str]], text: str) -> None:
    glob = "".join("{" + ",".join(choices) + "}" for choices in parts)

    assert fits(glob, text) == any(fnmatch.fnmatchcase(text, "".join(each)) for each in product(*parts))


@given(st.text(alphabet="ab*?[]{},!^-\\&~|", max_size=20), st.text(max_size=20))
def test_any_text_is_a_glob_or_a_bad_one(glob: str, text: str) -> None:
    try:
        pattern = compiled_glob(glob)
    except BadGlobError:
        return
    pattern.match(text)


@pytest.mark.parametrize("glob", ["*a*a*a*a*a*a*a*a*b", "*" * 500 + "b", "{*a,*aa,*aaa}" * 4 + "b"])
def test_no_glob_takes_long(glob: str) -> None:
    pattern, text = compiled_glob(glob), "a" * 20_000
    begin = time.thread_time()

    assert not pattern.match(text)
    assert time.thread_time() - begin < 0.5
