"""Taking one value out of a TOML text, and nothing of what stands around it.

A value that has lines of its own goes with them. Sections and elements of arrays take the comments along that
belong to them; a comment above a pair stays, because it may be about the whole table.
"""

from app.toml.arrays import has_comments, one_per_line, own_lines
from app.toml.layout import Layout, is_inline, spliced
from app.toml.scan import Entry, KeyPath, Kind, Span
from app.toml.sections import section


def remove(text: str, path: KeyPath) -> str:
    """Take away everything that a path holds, wherever it is written."""
    layout = Layout(text)
    entries = layout.below(path)
    if not entries:
        return text
    first = entries[0]
    if first.kind is Kind.ELEMENT:
        return _remove_element(layout, first)
    if not first.is_header and is_inline(layout, first):
        return remove(_remove_inline(layout, first), path)
    spans = [
        _with_blank_lines(layout, section(layout, entry)) if entry.is_header else layout.lines_of(entry)
        for entry in entries
        if entry.is_header or (entry.kind is Kind.PAIR and not _is_within(layout, entry, entries))
    ]
    for span in reversed(spans):
        text = _without_lines(text, span)
    return text


def _is_within(layout: Layout, entry: Entry, removed: list[Entry]) -> bool:
    """True if the entry goes away with another one that is removed."""
    return is_inline(layout, entry) or any(
        other.is_header and other.value.start <= entry.key.start < other.value.end for other in removed
    )


def _with_blank_lines(layout: Layout, lines: Span) -> Span:
    """The lines and the blank ones behind them."""
    end = lines.end
    while end < len(layout.text) and not layout.text[end : layout.line_end(end)].strip():
        end = layout.line_end(end)
    return Span(lines.start, end)


def _without_lines(text: str, span: Span) -> str:
    before, after = text[: span.start], text[span.end :]
    if not after and not text.endswith("\n"):  # a file without final newline stays one
        before = before.removesuffix("\n").removesuffix("\r")
    return before + after


def _remove_inline(layout: Layout, pair: Entry) -> str:
    pairs = layout.pairs(pair.home)
    index = pairs.index(pair)
    if len(pairs) == 1:
        return spliced(layout.text, layout.by_path[pair.home].value, "{}")
    if index:
        return spliced(layout.text, Span(pairs[index - 1].value.end, pair.value.end), "")
    return spliced(layout.text, Span(pair.key.start, pairs[1].key.start), "")


def _remove_element(layout: Layout, element: Entry) -> str:
    text, array = layout.text, layout.by_path[element.home]
    elements = layout.elements(element.home)
    index = elements.index(element)
    if lines := own_lines(layout, element):
        return spliced(text, lines, "")
    if has_comments(layout, array):
        return remove(one_per_line(layout, array), element.path)
    if len(elements) == 1:
        return spliced(text, array.value, "[]")
    if index:
        return spliced(text, Span(elements[index - 1].value.end, element.value.end), "")
    return spliced(text, Span(element.value.start, elements[1].value.start), "")
