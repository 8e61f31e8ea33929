"""The annotations of the structs as shapes: what a key accepts, in a form that can be walked and described.

A shape knows how to say in words what it allows; reading a value against it is the business of `reading`, and
the generated reference is made of nothing else.
"""

import functools
import types
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

import msgspec
from msgspec import NODEFAULT, Meta

_NUMBER_NAMES: Final = {int: "a whole number", float: "a number"}


class Flag(msgspec.Struct, frozen=True):
    @property
    def allowed(self) -> str:
        return "true or false"


class Number(msgspec.Struct, frozen=True):
    type: type[int] | type[float]
    limits: Meta

    @property
    def allowed(self) -> str:
        return _NUMBER_NAMES[self.type] + self.range

    @property
    def range(self) -> str:
        limits = self.limits
        if limits.ge is not None and limits.le is not None:
            return f" from {limits.ge} to {limits.le}"
        lower = f"more than {limits.gt}" if limits.gt is not None else ""
        lower = f"at least {limits.ge}" if limits.ge is not None else lower
        upper = f"at most {limits.le}" if limits.le is not None else ""
        return "".join(f", {bound}" for bound in (lower, upper) if bound)

    def holds(self, number: float) -> bool:
        limits = self.limits
        return (
            (limits.ge is None or number >= limits.ge)
            and (limits.gt is None or number > limits.gt)
            and (limits.le is None or number <= limits.le)
        )


class Text(msgspec.Struct, frozen=True):
    limits: Meta

    @property
    def allowed(self) -> str:
        return "a text that is not empty" if self.limits.min_length else "a text"


class Choice(msgspec.Struct, frozen=True):
    values: tuple[str | int, ...]

    @property
    def allowed(self) -> str:
        return ", ".join(str(value) for value in self.values)


class Sequence(msgspec.Struct, frozen=True):
    item: "Shape"
    limits: Meta

    @property
    def allowed(self) -> str:
        return f"a list{self.size}; each element: {self.item.allowed}"

    @property
    def size(self) -> str:
        """How many elements are wanted: ` of exactly 3`, or nothing where any number will do."""
        least, most = self.limits.min_length, self.limits.max_length
        if least == most:
            return "" if least is None else f" of exactly {least}"
        return " of " + " and ".join(
            [f"at least {least}"] * (least is not None) + [f"at most {most}"] * (most is not None)
        )

    def fits(self, count: int) -> bool:
        least, most = self.limits.min_length, self.limits.max_length
        return (least is None or count >= least) and (most is None or count <= most)


class Names(msgspec.Struct, frozen=True):
    """A table whose keys are names that the user chooses, or a closed set of them."""

    name: "Shape"
    item: "Shape"

    @property
    def allowed(self) -> str:
        return "a table"


class Record(msgspec.Struct, frozen=True):
    """A table whose keys are the fields of a struct."""

    type: type[msgspec.Struct]

    @property
    def allowed(self) -> str:
        text_form: str | None = getattr(self.type, "text_form", None)
        return f"{text_form} or a table" if text_form else "a table"

    @property
    def fields(self) -> "Mapping[str, Field]":
        return fields_of(self.type)


class Either(msgspec.Struct, frozen=True):
    shapes: "tuple[Shape, ...]"

    @property
    def allowed(self) -> str:
        return " or ".join(dict.fromkeys(shape.allowed for shape in self.shapes))


class Anything(msgspec.Struct, frozen=True):
    """Whatever JSON can carry."""

    @property
    def allowed(self) -> str:
        return "a text, a number, true or false, a list or a table"


Shape = Flag | Number | Text | Choice | Sequence | Names | Record | Either | Anything


class Field(msgspec.Struct, frozen=True):
    """One key of a table."""

    attribute: str
    shape: Shape
    description: str
    required: bool
    default: Any


@functools.cache
def fields_of(table: type[msgspec.Struct]) -> Mapping[str, Field]:
    """The keys of a table, as they are written in the file, in the order of the struct."""
    return {info.encode_name: _field(info) for info in msgspec.structs.fields(table)}


def _field(info: msgspec.structs.FieldInfo) -> Field:
    default = info.default if info.default_factory is NODEFAULT else info.default_factory()
    return Field(info.name, shape_of(info.type), _meta(info.type).description or "", info.required, default)


def shape_of(annotation: Any) -> Shape:
    """The shape of an annotation. An optional one is that of its value: TOML has no way to write None."""
    meta, annotation = _meta(annotation), _bare(annotation)
    arguments = get_args(annotation)
    match get_origin(annotation):
        case origin if origin is Literal:
            return Choice(arguments)
        case origin if origin is tuple:
            return Sequence(shape_of(arguments[0]), meta)
        case origin if origin is types.UnionType or origin is Union:
            shapes = tuple(shape_of(part) for part in arguments if part is not type(None))
            return shapes[0] if len(shapes) == 1 else Either(shapes)
        case None:
            return _plain_shape(annotation, meta)
        case _:
            return Names(shape_of(arguments[0]), shape_of(arguments[1]))


def _plain_shape(annotation: Any, meta: Meta) -> Shape:
    if annotation is Any:
        return Anything()
    if annotation is bool:
        return Flag()
    if annotation is str:
        return Text(meta)
    if annotation in _NUMBER_NAMES:
        return Number(annotation, meta)
    return Record(annotation)


def is_sensitive(shape: Shape) -> bool:
    """True if a value may be or hold a secret, which no message repeats."""
    match shape:
        case Text():
            return bool((shape.limits.extra or {}).get("sensitive"))
        case Names() | Sequence():
            return is_sensitive(shape.item)
        case _:
            return isinstance(shape, Record)


def _bare(annotation: Any) -> Any:
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def _meta(annotation: Any) -> Meta:
    """What stands beside a type; of an optional type, beside the type of its value."""
    if get_origin(annotation) is Annotated:
        return next(extra for extra in annotation.__metadata__ if isinstance(extra, Meta))
    described = (_meta(part) for part in get_args(annotation) if get_origin(part) is Annotated)
    return next(described, Meta()) if get_origin(annotation) in (types.UnionType, Union) else Meta()
