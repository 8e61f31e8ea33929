"""Taking one value out of a TOML text, and nothing of what stands around it.

Whole lines go where a value has lines of its own, with the comment at their end; comments on lines of their
own stay.
"""

from app.toml.layout import Layout, is_inline, spliced
from app.toml.scan import Entry, Kind, Path, Span, skip_gap


def remove(text: str, path: Path) -> str:
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
        _section(layout, entry) if entry.is_header else layout.lines_of(entry)
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


def _section(layout: Layout, header: Entry) -> Span:
    """The lines of a section: not the comments behind its last pair, which belong to what follows."""
    pairs = [e for e in layout.entries if header.value.start <= e.key.start < header.value.end]
    end = layout.line_end(max((e.value.end for e in pairs), default=header.value.start))
    while end < len(layout.text) and not layout.text[end : layout.line_end(end)].strip():
        end = layout.line_end(end)
    return Span(layout.line_start(header.key.start), end)


def _without_lines(text: str, span: Span) -> str:
    before, after = text[: span.start], text[span.end :]
    if not after and not text.endswith("\n"):  # a file without final newline stays one
        before = before.removesuffix("\n").removesuffix("\r")
    return before + after


def _remove_inline(layout: Layout, pair: Entry) -> str:
    pairs = [e for e in layout.entries if e.kind is Kind.PAIR and e.home == pair.home]
    index = pairs.index(pair)
    if index + 1 < len(pairs):
        span = Span(pair.key.start, pairs[index + 1].key.start)
    elif index:
        span = Span(pairs[index - 1].value.end, pair.value.end)
    else:
        span = Span(pair.key.start, pair.value.end)
    return spliced(layout.text, span, "")


def _remove_element(layout: Layout, element: Entry) -> str:
    text = layout.text
    elements = [e for e in layout.entries if e.kind is Kind.ELEMENT and e.home == element.home]
    index = elements.index(element)
    behind = skip_gap(text, element.value.end)
    end = behind + 1 if text[behind] == "," else element.value.end
    start, line_end = layout.line_start(element.value.start), layout.line_end(end)
    rest = text[end:line_end].strip()
    if not text[start : element.value.start].strip() and (not rest or rest.startswith("#")):
        return spliced(text, Span(start, line_end), "")
    if index + 1 < len(elements):
        return spliced(text, Span(element.value.start, elements[index + 1].value.start), "")
    if index and not text[elements[index - 1].value.end : element.value.start].strip(", "):
        return spliced(text, Span(elements[index - 1].value.end, element.value.end), "")
    return spliced(text, Span(element.value.start, end), "")
