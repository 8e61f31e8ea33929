"""Builds the structs from a parsed TOML document and collects everything that is wrong on the way.

Nothing stops at the first mistake. A value that does not fit is replaced by its default, so that the rest of
its table can still be read; what a table says about itself (`findings`) counts only where it is not about
something already found wrong, so that one mistake is reported once.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import msgspec

from app.configuration.shapes import (
    Anything,
    Choice,
    Either,
    Field,
    Flag,
    Names,
    Number,
    Record,
    Sequence,
    Shape,
    Text,
    is_sensitive,
)
from app.configuration.values import is_plain, shown
from proxy.config import Finding, KeyPath, Table, did_you_mean

TableType = TypeVar("TableType", bound=Table)


class Misfit(Exception):  # noqa: N818 -- never leaves this module: it carries findings, it is no failure
    """A value that its shape does not allow; what is wrong has been noted already."""


def read_document(document: Mapping[str, Any], table: type[TableType]) -> tuple[TableType, list[Finding]]:
    """The document as a struct, as far as it fits, with all findings in the order they were met."""
    reader = _Reader()
    result: TableType = reader.record(Record(table), document, ())
    return result, reader.findings


class _Reader:
    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def read(self, shape: Shape, found: Any, path: KeyPath) -> Any:
        """The value as the shape wants it; raises Misfit if there is none."""
        match shape:
            case Record():
                return self.record(shape, found, path)
            case Names():
                return self._names(shape, found, path)
            case Sequence():
                return self._sequence(shape, found, path)
            case Either():
                return self._either(shape, found, path)
            case Choice():
                return self._choice(shape, found, path)
            case Number():
                return self._number(shape, found, path)
            case Text() if isinstance(found, str) and len(found) >= (shape.limits.min_length or 0):
                return found
            case Flag() if isinstance(found, bool):
                return found
            case Anything():
                return self._anything(shape, found, path)
        raise self._misfit(shape, found, path)

    def record(self, shape: Record, found: Any, path: KeyPath) -> Any:
        if isinstance(found, str) and hasattr(shape.type, "text_form"):
            return self._text_form(shape, found, path)
        if not isinstance(found, dict):
            raise self._misfit(shape, found, path)
        before = len(self.findings)
        values = self._values(shape.fields, found, path)
        if any(field.required and field.attribute not in values for field in shape.fields.values()):
            raise Misfit
        result: Table = shape.type(**values)  # type: ignore[assignment]  # every record of the schema is a Table
        about_itself = [finding.below(*path) for finding in result.findings()]
        self.findings += not_yet_reported(about_itself, self.findings[before:])
        return result

    def _values(self, fields: Mapping[str, Field], found: Mapping[str, Any], path: KeyPath) -> dict[str, Any]:
        """The values of a table that fit, by attribute."""
        for key in found.keys() - fields.keys():
            self._note((*path, key), f"unknown key{did_you_mean(key, fields)}")
        return {
            field.attribute: value
            for key, field in fields.items()
            if (value := self._field(field, found, (*path, key))) is not msgspec.UNSET
        }

    def _field(self, field: Field, table: Mapping[str, Any], path: KeyPath) -> Any:
        """The value of one key; UNSET if it is absent or does not fit."""
        key = path[-1]
        if key not in table:
            if field.required:
                self._note(path, f"is missing; allowed: {field.shape.allowed}")
            return msgspec.UNSET
        try:
            return self.read(field.shape, table[str(key)], path)
        except Misfit:
            return msgspec.UNSET

    def _text_form(self, shape: Record, found: str, path: KeyPath) -> Any:
        try:
            return shape.type.from_text(found)  # type: ignore[attr-defined]  # those with a text_form have it
        except ValueError as error:
            self._note(path, str(error))
            raise Misfit from error

    def _names(self, shape: Names, found: Any, path: KeyPath) -> Mapping[str, Any]:
        if not isinstance(found, dict):
            raise self._misfit(shape, found, path)
        result = {}
        for name, value in found.items():
            below = (*path, name)
            if isinstance(shape.name, Choice) and name not in shape.name.values:
                suggestion = did_you_mean(name, map(str, shape.name.values))
                self._note(below, f"unknown key; allowed: {shape.name.allowed}{suggestion}")
                continue
            try:
                result[name] = self.read(shape.item, value, below)
            except Misfit:
                continue
        return result

    def _sequence(self, shape: Sequence, found: Any, path: KeyPath) -> tuple[Any, ...]:
        if not isinstance(found, list):
            raise self._misfit(shape, found, path)
        result = []
        for index, value in enumerate(found):
            try:
                result.append(self.read(shape.item, value, (*path, index)))
            except Misfit:
                continue
        if not shape.fits(len(found)):
            self._note(path, f"found {len(found)} elements; allowed: {shape.allowed}")
            raise Misfit
        if len(result) < len(found):
            raise Misfit
        return tuple(result)

    def _either(self, shape: Either, found: Any, path: KeyPath) -> Any:
        for alternative in shape.shapes:
            attempt = _Reader()
            try:
                return attempt.read(alternative, found, path)
            except Misfit:
                continue
        raise self._misfit(shape, found, path)

    def _choice(self, shape: Choice, found: Any, path: KeyPath) -> Any:
        if any(found == value and type(found) is type(value) for value in shape.values):
            return found
        names = [str(value) for value in shape.values]
        if found in names:
            self._note(path, f'found the text "{found}"; allowed: the number {found}, without quotes')
            raise Misfit
        raise self._misfit(shape, found, path, did_you_mean(found, names) if isinstance(found, str) else "")

    def _number(self, shape: Number, found: Any, path: KeyPath) -> float:
        """An integer stands for a float, but true is no number, and nothing endless is allowed."""
        if not (type(found) in (int, shape.type) and is_plain(found) and shape.holds(found)):
            raise self._misfit(shape, found, path)
        number: float = found
        return number

    def _anything(self, shape: Anything, found: Any, path: KeyPath) -> Any:
        if isinstance(found, dict):
            return {key: self._anything(shape, value, (*path, key)) for key, value in found.items()}
        if isinstance(found, list):
            return [self._anything(shape, value, (*path, index)) for index, value in enumerate(found)]
        if not is_plain(found):
            raise self._misfit(shape, found, path)
        return found

    def _misfit(self, shape: Shape, found: Any, path: KeyPath, suggestion: str = "") -> Misfit:
        what = "a text (not shown)" if isinstance(found, str) and is_sensitive(shape) else shown(found)
        self._note(path, f"found {what}; allowed: {shape.allowed}{suggestion}")
        return Misfit()

    def _note(self, path: KeyPath, message: str) -> None:
        self.findings.append(Finding(path, message))


def not_yet_reported(findings: Iterable[Finding], known: Iterable[Finding]) -> list[Finding]:
    """Those that are not about something wrong already: nothing inside it, and nothing it is a part of."""
    broken = [finding.path for finding in known if finding.severity == "error"]
    return [
        finding
        for finding in findings
        if not any(finding.path[: len(path)] == path[: len(finding.path)] for path in broken)
    ]
