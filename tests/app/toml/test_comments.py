"""Elements of lists keep their comments wherever they go, and take them along when they leave."""

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.toml.edits import Assign, Edit, Remove, edited

ONE_PER_LINE = """\
s = [
  # the small one
  "a/b", # cheap
  "c/d", # fast

  "e/f"  # strong
]
"""
RAGGED = 's = ["a/b", # cheap\n  "c/d", # fast\n  "e/f"] # models\n'
RULES = """\
# note a
[[rules]]
name = 'a' # first
when = [ ]

# note b
[[rules]]
name = "b"
# tier = "MEDIUM"

[ui] # the end
"""
SECOND = RULES[RULES.index("# note b") : RULES.index("[ui]")]
A, B = {"name": "a", "when": []}, {"name": "b"}

CASES: list[tuple[str, Edit, str]] = [
    (
        ONE_PER_LINE,
        Assign(("s",), ["e/f", "c/d", "a/b"]),
        's = [\n  "e/f",  # strong\n  "c/d", # fast\n\n  # the small one\n  "a/b" # cheap\n]\n',
    ),
    (
        ONE_PER_LINE,
        Assign(("s",), ["x/y", "c/d", "e/f"]),
        's = [\n  "x/y",\n  "c/d", # fast\n\n  "e/f"  # strong\n]\n',
    ),
    (
        ONE_PER_LINE,
        Assign(("s",), [{"provider": "a", "model": "b", "weight": 2}, "c/d", "e/f"]),
        ONE_PER_LINE.replace('"a/b"', '{ provider = "a", model = "b", weight = 2 }'),
    ),
    (ONE_PER_LINE, Assign(("s", 1), "x/y"), ONE_PER_LINE.replace('"c/d", # fast', '"x/y",')),
    (ONE_PER_LINE, Assign(("s",), ["c/d"]), 's = [\n  "c/d", # fast\n\n]\n'),
    (
        ONE_PER_LINE,
        Assign(("s",), ["n/n", "a/b", "c/d", "e/f"]),
        ONE_PER_LINE.replace("  # the", '  "n/n",\n  # the'),
    ),
    (
        RAGGED,
        Assign(("s",), ["e/f", "c/d", "a/b"]),
        's = [\n  "e/f",\n  "c/d", # fast\n  "a/b", # cheap\n] # models\n',
    ),
    (RAGGED, Remove(("s", 0)), 's = [\n  "c/d", # fast\n  "e/f",\n] # models\n'),
    ("s = ['a', 'b', \"c\"] # s\n", Assign(("s",), ["c", "a", "b"]), "s = [\"c\", 'a', 'b'] # s\n"),
    (
        "t = [\n  20, # low\n  50, # high\n]\n",
        Assign(("t",), [20, 60]),
        "t = [\n  20, # low\n  60, # high\n]\n",
    ),
    (
        RULES,
        Assign(("rules",), [B, A]),
        SECOND + RULES.replace(SECOND, ""),
    ),
    (RULES, Assign(("rules",), [{**A, "name": "c"}, B]), RULES.replace("name = 'a'", 'name = "c"')),
    (
        RULES,
        Assign(("rules",), [{"name": "c", "tier": "SIMPLE"}, B]),
        '[[rules]]\nname = "c"\ntier = "SIMPLE"\n' + RULES[RULES.index("\n# note b") :],
    ),
    (RULES, Remove(("rules", 0)), RULES[RULES.index("# note b") :]),
    (RULES, Remove(("rules", 1)), RULES.replace(SECOND, "")),
    (
        RULES,
        Assign(("rules", 2), {"name": "c"}),
        RULES.replace("\n\n[ui]", '\n\n[[rules]]\nname = "c"\n\n[ui]'),
    ),
    (
        # tables in several places are changed where they are
        "[[a]]\nx = 1\n[b]\n[a.t]\ny = 1\n[[a]]\nx = 2",
        Assign(("a",), [{"x": 2}, {"x": 1, "t": {"y": 1}}]),
        "[[a]]\nx = 2\n[b]\n[[a]]\nx = 1\nt = { y = 1 }",
    ),
    (
        "[[a]]\nx = 1 # one\n\n[[a]]\nx = 2",
        Assign(("a",), [{"x": 2}, {"x": 1}]),
        "[[a]]\nx = 2\n\n[[a]]\nx = 1 # one",
    ),
    (
        "a = '''\n# no comment'''\n[b]\nx = 1\n",
        Remove(("b",)),
        "a = '''\n# no comment'''\n",
    ),
]


@pytest.mark.parametrize(("text", "edit", "expected"), CASES)
def test_comments_go_with_what_they_are_about(text: str, edit: Edit, expected: str) -> None:
    assert edited(text, [edit]) == expected


ELEMENTS = [f"p/{letter}" for letter in "abcdef"]
CHOSEN = st.lists(st.sampled_from([*ELEMENTS, "new/1", "new/2"]), unique=True)


@st.composite
def arrays(draw: st.DrawFn) -> str:
    """An array of some of the elements; each may have a comment above it and one at the end of its line."""
    text = "s = [" + draw(st.sampled_from(["", " # start\n", "\n", "\n  # detached\n\n"]))
    for element in ELEMENTS:
        if draw(st.booleans()):
            text += draw(st.sampled_from(["", "\n"])) if text.endswith("\n") else "\n"
            text += f"  # above {element}\n"
        comma = draw(st.sampled_from([",", " ,"]))
        beside = draw(st.sampled_from(["", f" # beside {element}"]))
        gap = "\n" + draw(st.sampled_from(["", "\n"])) if beside else draw(st.sampled_from([" ", "\n"]))
        text += draw(st.sampled_from(["  ", "\t"])) + f'"{element}"'
        text += f"{beside}\n{comma}{gap}" if draw(st.integers(0, 9)) == 9 else f"{comma}{beside}{gap}"
    return text + draw(st.sampled_from(["]", "  # the end\n]", "\n]"])) + "\nother = 1 # kept\n"


def comments_of(text: str, element: str) -> list[str]:
    """The comments that stand where a reader takes them to be about an element."""
    lines = [line.strip() for line in text.splitlines()]
    place = next(number for number, line in enumerate(lines) if f'"{element}"' in line)
    code, _, beside = lines[place].partition("#")
    is_first, is_last = (
        code.lstrip("s= [,").startswith(f'"{element}"'),
        code.rstrip(" ],").endswith(f'"{element}"'),
    )
    above = [lines[place - 1]] if is_first and lines[place - 1].startswith("#") else []
    return [comment.strip("# ") for comment in [*above, *([beside] if beside and is_last else [])]]


@given(arrays(), CHOSEN)
def test_every_element_that_stays_keeps_its_comments_beside_it(text: str, chosen: list[str]) -> None:
    result = edited(text, [Assign(("s",), chosen)])

    assert tomllib.loads(result) == {"s": chosen, "other": 1}
    assert result.endswith("\nother = 1 # kept\n")
    for element in ELEMENTS:
        about = [comment for comment in comments_of(text, element) if comment.endswith(element)]
        if element in chosen:
            assert set(about) <= set(comments_of(result, element))
        else:
            assert element not in result


RULE_NAMES = "abcde"


@st.composite
def rule_files(draw: st.DrawFn) -> str:
    """A file of rules with comments above and below them, and other sections between."""
    text = draw(st.sampled_from(["", "x = 1\n\n"]))
    for name in RULE_NAMES:
        text += draw(st.sampled_from(["", f"# above {name}\n"])) + f'[[rules]]\nname = "{name}"\n'
        text += draw(
            st.sampled_from(
                ["", f"tier = '{name}' # beside {name}\n", f"when = [ 1 ]\n[rules.t]\nn = '{name}'\n"]
            )
        )
        text += draw(st.sampled_from(["", f"# below {name}\n"])) + "\n"
        text += draw(st.sampled_from(["", "", "# detached\n\n", "# kept\n[between." + name + "]\n\n"]))
    return text + "# the end\n[ui]\n"


def about(text: str, name: str) -> list[str]:
    """The comments of one rule, between the blank lines around it."""
    blocks = [block for block in text.split("\n\n") if f'name = "{name}"' in block]
    return [line[line.index("#") :] for line in blocks[0].splitlines() if "#" in line] if blocks else []


@given(rule_files(), st.lists(st.sampled_from([*RULE_NAMES, "new"]), unique=True))
def test_every_rule_that_stays_keeps_its_lines_and_comments(text: str, names: list[str]) -> None:
    tree = tomllib.loads(text)
    rules: dict[str, Any] = {rule["name"]: rule for rule in tree["rules"]} | {"new": {"name": "new"}}

    result = edited(text, [Assign(("rules",), [rules[name] for name in names])])

    assert tomllib.loads(result) == tree | {"rules": [rules[name] for name in names]}
    for name in RULE_NAMES:
        if name in names:
            assert about(result, name) == about(text, name)
        else:
            assert not any(f"{word} {name}" in result for word in ("above", "beside", "below"))
    for kept in ("# detached", "# kept", "# the end"):
        assert result.count(kept) == text.count(kept)
