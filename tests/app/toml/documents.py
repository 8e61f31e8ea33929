"""Random TOML documents in every style of writing that a person might use."""

import tomllib

from hypothesis import strategies as st

_NAMES = st.sampled_from(["a", "b", "c", "key", "x-1", "10"])
_KEYS = st.one_of(
    _NAMES,
    _NAMES.map(lambda name: f'"{name}"'),
    st.sampled_from(['"my.host"', "'p/m'", '"q\\"]"', '"\\u0061#"', "''", '"é"']),
)
_DOTTED = st.builds(
    lambda keys, dot: dot.join(keys), st.lists(_KEYS, min_size=1, max_size=3), st.sampled_from([".", " . "])
)
_EOL = st.sampled_from(["\n", "\r\n"])
_BLANK = st.sampled_from(["", " ", "\t"])
_COMMENT = st.sampled_from(["", "", " # plain", "# \"]}= [[x]] '''"])
_GAP = st.builds("".join, st.lists(st.sampled_from([" ", "\n", "\r\n", "# ], 'x'\n", "\t"]), max_size=3))
_STRINGS = st.sampled_from(
    [
        '""',
        '"plain"',
        '"a # b"',
        '"quote \\" and \\\\"',
        "''",
        "'[no] {x = 1}'",
        '"""two\nlines"""',
        '"""a "" b \\""" c"""',
        '""""quoted"""""',
        '"""\r\n  x \\\n   y"""',
        "'''a ' b '' # c'''",
        "''''q'''''",
        '""""""',
    ]
)
_NUMBERS = st.sampled_from(
    ["0", "-17", "1_000", "0xdead_beef", "0o17", "0b1", "1.5", "-2e10", "inf", "-inf", "3.14_15"]
)
_OTHERS = st.sampled_from(
    ["true", "false", "1979-05-27", "07:32:00.5", "1979-05-27 07:32:00Z", "1979-05-27T07:32:00"]
)
_SCALARS = st.one_of(_STRINGS, _NUMBERS, _OTHERS)


@st.composite
def _arrays(draw: st.DrawFn, items: st.SearchStrategy[str]) -> str:
    parts = [draw(_GAP) + draw(items) + draw(_GAP) for _ in range(draw(st.integers(0, 3)))]
    trailing = "," + draw(_GAP) if parts and draw(st.booleans()) else draw(_GAP)
    return "[" + ",".join(parts) + trailing + "]"


@st.composite
def _inline_tables(draw: st.DrawFn, items: st.SearchStrategy[str]) -> str:
    keys = draw(st.lists(_DOTTED, max_size=3))
    pairs = [f"{draw(_BLANK)}{key}{draw(_BLANK)}={draw(_BLANK)}{draw(items)}{draw(_BLANK)}" for key in keys]
    return "{" + (",".join(pairs) or draw(_BLANK)) + "}"


VALUES = st.recursive(_SCALARS, lambda items: st.one_of(_arrays(items), _inline_tables(items)), max_leaves=6)


@st.composite
def _pairs(draw: st.DrawFn) -> str:
    indent, around = draw(_BLANK), draw(_BLANK)
    return f"{indent}{draw(_DOTTED)}{around}={around}{draw(VALUES)}{draw(_BLANK)}{draw(_COMMENT)}"


@st.composite
def _headers(draw: st.DrawFn) -> str:
    opening, closing = draw(st.sampled_from([("[", "]"), ("[[", "]]")]))
    return f"{draw(_BLANK)}{opening}{draw(_BLANK)}{draw(_DOTTED)}{draw(_BLANK)}{closing}{draw(_COMMENT)}"


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A document grown line by line; a line that tomllib refuses after the others is left out."""
    text = ""
    for line in draw(st.lists(st.one_of(_pairs(), _pairs(), _headers(), _COMMENT), max_size=10)):
        grown = text + line + draw(_EOL)
        if _is_valid(grown):
            text = grown
    return text.rstrip("\r\n") if draw(st.booleans()) and _is_valid(text.rstrip("\r\n")) else text


def _is_valid(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True
