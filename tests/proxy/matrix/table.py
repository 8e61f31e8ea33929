"""Outcomes of tests as a table of text."""

from collections.abc import Iterator, MutableMapping, Sequence

from proxy.wire.format import Format

Outcomes = MutableMapping[tuple[str, str, Format], list[bool]]
"""By surface, flow and format: how each of the tests went."""


def lines(outcomes: Outcomes, formats: Sequence[Format]) -> Iterator[str]:
    rows = list(dict.fromkeys((surface, flow) for surface, flow, _format in outcomes))
    rows.sort(key=lambda row: row[0])
    titles = [f"{surface}: {flow}" for surface, flow in rows]
    widest = max(map(len, titles))
    yield " " * widest + "".join(f"  {format_:<11}" for format_ in formats)
    for title, (surface, flow) in zip(titles, rows, strict=True):
        shown = (_shown(outcomes.get((surface, flow, format_), [])) for format_ in formats)
        yield (f"{title:<{widest}}" + "".join(f"  {each:<11}" for each in shown)).rstrip()


def _shown(passed: Sequence[bool]) -> str:
    if not passed:
        return "-"
    return "ok" if all(passed) else f"{passed.count(False)} of {len(passed)} BAD"
