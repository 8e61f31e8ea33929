"""How the elements of one array stand on their lines, and what goes with each of them.

A comment belongs to the element whose line it ends, or above which it stands without a blank line between.
Where elements share lines with each other while there are comments, nothing can be moved by whole lines: such
an array is first written one element per line.
"""

import re
from collections.abc import Sequence
from typing import Final

from app.toml.layout import Layout, is_inline, spliced
from app.toml.render import INDENT, LINE_LENGTH
from app.toml.scan import Entry, KeyPath, Span, skip_gap

_BEHIND: Final = re.compile(r"((?:[ \t]*,)?)[ \t]*(#[^\r\n]*)?")
_LINE_END: Final = re.compile(r"[ \t]*\r?\n")


def own_lines(layout: Layout, element: Entry) -> Span | None:
    """The lines that an element shares with no other one, its comments included."""
    behind = _behind(layout, element)
    if not (layout.begins_its_line(element.value.start) and _LINE_END.match(layout.text, behind.end())):
        return None
    if not behind[1] and layout.text[skip_gap(layout.text, behind.end())] == ",":
        return None
    return Span(layout.start_with_comments(element.value.start), layout.line_end(behind.end()))


def has_comments(layout: Layout, array: Entry) -> bool:
    """True if comments stand between the elements, not only inside one of them."""
    return any("#" in gap for gap in _gaps(layout, array))


def without_comments(layout: Layout, element: Entry) -> str:
    """The text without the comments that belong to an element."""
    behind = _behind(layout, element)
    text = spliced(layout.text, Span(behind.end(1), behind.end()), "") if behind[2] else layout.text
    if not layout.begins_its_line(element.value.start):
        return text
    start = layout.start_with_comments(element.value.start)
    return spliced(text, Span(start, layout.line_start(element.value.start)), "")


def reordered(layout: Layout, array: Entry, order: Sequence[int]) -> str:
    """The elements in another order: each place is given the old index of what comes to stand there."""
    elements = layout.elements(array.path)
    if not has_comments(layout, array):
        return _with_swapped(layout.text, [element.value for element in elements], order)
    lines = [span for element in elements if (span := own_lines(layout, element))]
    if len(lines) == len(elements):
        return _with_swapped_lines(layout, lines, elements, order)
    separated = Layout(one_per_line(layout, array))
    return reordered(separated, separated.by_path[array.path], order)


def one_per_line(layout: Layout, array: Entry) -> str:
    """The text with every element of an array on a line of its own, beside and below its comments."""
    outer = layout.indent_of(array.value.start)
    indent = outer + INDENT
    first, *others = _gaps(layout, array)
    opening, *above = first.split("\n")
    lines = [f"[ {opening.strip()}" if opening.strip() else "[", *_indented(above, indent)]
    for element, gap in zip(layout.elements(array.path), others, strict=True):
        behind = _behind(layout, element)
        comment = f" {behind[2]}" if behind[2] else ""
        lines.append(f"{indent}{element.value.of(layout.text)},{comment}")
        rest = gap[behind.end() - element.value.end :]
        lines += _indented(rest.split("\n")[1:], indent)
    return spliced(layout.text, array.value, layout.eol.join([*lines, f"{outer}]"]))


def folded(text: str, path: KeyPath) -> str:
    """The text with an array that is too long for its line written one element per line."""
    layout = Layout(text)
    array = layout.by_path[path]
    written = Span(layout.line_start(array.value.start), array.value.end).of(text)
    if "\n" in written or len(written) <= LINE_LENGTH or is_inline(layout, array):
        return text
    return one_per_line(layout, array)


def _behind(layout: Layout, element: Entry) -> re.Match[str]:
    """The comma and the comment behind an element on its last line, as far as they are there."""
    match = _BEHIND.match(layout.text, element.value.end)
    if match is None:
        raise AssertionError("the pattern matches the empty text")
    return match


def _gaps(layout: Layout, array: Entry) -> list[str]:
    """What stands before, between and behind the elements: white space, commas and comments."""
    values = [element.value for element in layout.elements(array.path)]
    starts = [array.value.start + 1, *(value.end for value in values)]
    ends = [*(value.start for value in values), array.value.end - 1]
    return [layout.text[start:end] for start, end in zip(starts, ends, strict=True)]


def _indented(lines: list[str], indent: str) -> list[str]:
    """The comments among the lines of a gap; blank lines stay behind one, where they set it apart."""
    found: list[str] = []
    for line in lines[:-1]:  # the last one ends where the next element begins
        comment = line.strip().removeprefix(",").strip()
        if comment or found:
            found.append(indent + comment if comment else "")
    return found


def _with_swapped(text: str, places: Sequence[Span], order: Sequence[int]) -> str:
    contents = [place.of(text) for place in places]
    for place, index in reversed(list(zip(places, order, strict=True))):
        text = spliced(text, place, contents[index])
    return text


def _with_swapped_lines(
    layout: Layout, lines: Sequence[Span], elements: Sequence[Entry], order: Sequence[int]
) -> str:
    """Only the comma of the last element depends on the place, not on the element."""
    ends_with_comma = bool(_behind(layout, elements[-1])[1])
    text = layout.text
    for place, index in reversed(list(enumerate(order))):
        behind = _behind(layout, elements[index])
        comma = "," if ends_with_comma or place < len(order) - 1 else ""
        before = layout.text[lines[index].start : elements[index].value.end]
        written = before + behind[1].rstrip(",") + comma + layout.text[behind.end(1) : lines[index].end]
        text = spliced(text, lines[place], written)
    return text
