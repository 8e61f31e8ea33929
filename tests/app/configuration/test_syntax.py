"""A text that is no TOML is named by its place, its key and what to do; its values are never repeated."""

import inspect
import re
import tomllib
from pathlib import Path

import pytest

from app.configuration.document import parse
from app.configuration.problem import ConfigError, Problem
from app.configuration.remedies import remedy_for

FILE = Path("config.toml")
NO_QUOTE = "the closing quote is missing"
SWITCH = "there are only true and false, in lower case"
NO_VALUE = "the value behind = is missing"
OPEN_LIST = "a list lacks a comma between its elements or the ] at its end"
ONE_LINE = "a table in { } stands on one line, with commas between its keys and none behind the last"
TWICE = "has a value already; keep one of them"
NO_BRACKET = "the ] behind the name is missing, or a part of the name needs quotes"
PATH = (
    r'a backslash in "..." begins an escape such as \n; '
    "a path needs '...' quotes, or each backslash written twice"
)
CONTROL = r'a control character stands here; in a text in "..." it is written as an escape such as \u0000'
ALONE = "lines end with carriage returns alone; save the file with usual line ends"
BEHIND = "something stands behind the value; a text stands in quotes, a comment behind #"
NO_VALUE_AT_ALL = "this is no value; a text stands in quotes, a number begins with a digit"
SECTION_TWICE = "this section is there already; put its keys together below one header"
COMPLETE = "adds to a list or a table in { } that is complete; write it in one place"
NAME = "a name is missing; quote it unless it is made of letters, digits, - and _"


def problem_of(content: str | bytes) -> Problem:
    with pytest.raises(ConfigError) as error:
        parse(FILE, content if isinstance(content, bytes) else content.encode())
    (problem,) = error.value.problems
    return problem


@pytest.mark.parametrize(
    ("text", "line", "column", "key", "sentence"),
    [
        ('a = 1\nkey = "s3cret\nb = 1\n', 2, 14, "key", NO_QUOTE),
        ("key = 's3cret\nb = 'x'\n", 1, 14, "key", NO_QUOTE),
        ("a = true\nenabled = True\n", 2, 11, "enabled", SWITCH),
        ("enabled = yes", 1, 11, "enabled", SWITCH),
        ("x = None\n", 1, 5, "x", "TOML knows no such value; leave the key out"),
        ("x = \n", 1, 5, "x", NO_VALUE),
        ("a = 1\r\n'b'.c = # none\r\n", 2, 9, "'b'.c", NO_VALUE),
        ("\ufeffa = \n", 1, 5, "a", NO_VALUE),
        ("a = “x”\n", 1, 5, "a", "quotes are straight ones: \" or '"),
        ("a = [1,,2]\n", 1, 8, "a", "a value is missing before this sign"),
        ("host = example\n", 1, 8, "host", NO_VALUE_AT_ALL),
        ("d = 2021-02-30\n", 1, 5, "d", "there is no such date; a text stands in quotes"),
        ("a = { x = 1,\n y = 2 }\n", 1, 13, "a", ONE_LINE),
        ("a = {\n}\n", 1, 6, "a", ONE_LINE),
        ("a = { x = 1, }\n", 1, 14, "a", ONE_LINE),
        ("a = { x = 1\n}\n", 1, 12, "a", ONE_LINE),
        ("a = { x = 1 y = 2 }\n", 1, 13, "a", ONE_LINE),
        ("a = {x = 1, x = 2}\n", 1, 18, "a", "a key is twice in the same { }; keep one of them"),
        ("[]\n", 1, 2, "", NAME),
        ('s = [\n "a/b"\n "c/d"\n]\n', 3, 2, "s", OPEN_LIST),
        ('x = 1\ns = [\n "a/b"\n\n[x]\ny = 1\n', 5, 1, "s", OPEN_LIST),
        ('x = 1\ns = [\n "a/b",\n\n[x]\ny = 1\n', 5, 2, "s", OPEN_LIST),
        ("s = [\n 'a',\n\nport = 1\n", 4, 1, "s", OPEN_LIST),
        ("s = [\n 'a',\n True,\n]\n", 3, 2, "s", SWITCH),
        ("a = 1\na = 2\n", 2, 6, "a", TWICE),
        ("a = 1\n[a]\n", 2, 3, "a", "has a value already, so it can be no section; keep one of them"),
        ("[a.b]\n[a.b]\n", 2, 5, "a.b", SECTION_TWICE),
        ("[a.b]\n[a]\nb.c = 1\n", 3, 8, "b.c", "is a section already; put the key below its header"),
        ("a = {}\na.b = 1\n", 2, 8, "a.b", COMPLETE),
        ("[server\n", 1, 8, "server", NO_BRACKET),
        ("[[rules]\n", 1, 8, "rules", NO_BRACKET),
        ("port: 1\n", 1, 5, "", "a key and its value are joined by =, not by a colon"),
        ("a = 1\nsk-s3cret\n", 2, 10, "", "= and a value are missing behind the key"),
        ("s3cret==\n", 1, 8, "", NO_VALUE_AT_ALL),
        ("a = 1\rb = 2", 1, 6, "a", ALONE),
        ("host = 127.0.0.1\n", 1, 13, "host", BEHIND),
        ("}\n", 1, 1, "", "a line begins with a key, a [section] or #"),
        ('p = "C:\\Users"\n', 1, 10, "p", PATH),
        ('p = "C:\\work"\n', 1, 10, "p", PATH),
        ('p = "\\ud800"\n', 1, 12, "p", PATH),
        ('a = "\x01"\n', 1, 6, "a", CONTROL),
        ("# \x01\n", 1, 3, "", CONTROL),
        (f"a = 1\nkey = {'9' * 5000}\n", 2, 7, "key", "the number has too many digits"),
    ],
)  # fmt: skip
def test_a_mistake_is_named(text: str, line: int, column: int, key: str, sentence: str) -> None:
    problem = problem_of(text)

    assert problem.message == f"not valid TOML at column {column}: {sentence}"
    assert (problem.line, problem.column, problem.key) == (line, column, key)
    assert "s3cret" not in str(problem)


@pytest.mark.parametrize(
    ("text", "line", "column", "key", "sentence"),
    [
        ("a = 1\n  key = 's3cret\n[b]\nc = 1\n", 2, 3, "key", NO_QUOTE),
        ('a = 1\nkey = """\ns3cret = 1\nc = 1\n', 2, 1, "key", NO_QUOTE),
        ("key = '''\n", 1, 1, "key", NO_QUOTE),
        ("a = 1\ns = [\n  1,\n", 2, 1, "s", OPEN_LIST),
        ("a = 1\ns = [\n  1\n", 2, 1, "s", OPEN_LIST),
    ],
)
def test_what_has_no_end_is_named_where_it_begins(
    text: str, line: int, column: int, key: str, sentence: str
) -> None:
    problem = problem_of(text)

    assert problem.message == f"not valid TOML: {sentence}"
    assert (problem.line, problem.column, problem.key) == (line, column, key)
    assert "s3cret" not in str(problem)


def test_there_is_a_sentence_for_everything_that_this_python_says() -> None:
    source = inspect.getsource(tomllib.loads) + inspect.getsource(inspect.getmodule(tomllib.loads))  # type: ignore[arg-type]  # it has one
    said = re.findall(r'suffixed_err\(\s*src, \w+, f?"([^"]+)"', source)

    assert len(set(said)) > 15
    for sentence in said:
        assert remedy_for(sentence.replace("{expect!r}", '"\'"').replace("{char!r}", r"'\n'"), "x"), sentence


@pytest.mark.parametrize(
    ("content", "line", "column", "message"),
    [
        (b"a = 1\nb = '\xff'\n", 2, 6, "not UTF-8 text at column 6; save it as UTF-8"),
        ("# äöü\n# äöü ".encode() + b"\xfc\n", 2, 7, "not UTF-8 text at column 7; save it as UTF-8"),
        ("\ufeffä".encode() + b"\xfc\n", 1, 2, "not UTF-8 text at column 2; save it as UTF-8"),
        ("a = 1\n".encode("utf-16"), 0, 0, "is UTF-16 text; save it as UTF-8"),
        ("a = 1\n".encode("utf-16-le"), 0, 0, "is UTF-16 text; save it as UTF-8"),
        ("a = 1\n".encode("utf-16-be"), 0, 0, "is UTF-16 text; save it as UTF-8"),
    ],
)
def test_another_encoding_is_named(content: bytes, line: int, column: int, message: str) -> None:
    assert problem_of(content) == Problem(FILE, message, line, column)
