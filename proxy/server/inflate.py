"""Undoing the content encodings of a request body, piece by piece, so that a bomb never unfolds.

Encodings on top of each other are readers in a row; each of them is held to the size the body may have.
"""

from collections.abc import Callable, Iterable, Iterator

from proxy.server.codings import CODINGS
from proxy.wire.failure import Failure, FailureKind

_MOST_LAYERS = 3
_UNSUPPORTED_MEDIA_TYPE = 415


def codings(headers: Iterable[str]) -> tuple[str, ...]:
    """The names in `content-encoding`, in the order in which they were applied."""
    named = tuple(
        name for part in ",".join(headers).split(",") if (name := part.strip().lower()) and name != "identity"
    )
    unknown = next((name for name in named if name not in CODINGS), None)
    if unknown is not None:
        offered = ", ".join(name for name in CODINGS if not name.startswith("x-"))
        raise _unsupported(
            f"The request body's content-encoding {unknown[:40]!r} is not one that Tierwise reads: {offered}."
        )
    if len(named) > _MOST_LAYERS:
        raise _unsupported(
            f"The request body is encoded {len(named)} times over; Tierwise undoes {_MOST_LAYERS} at most."
        )
    return named


class Inflating:
    """One body on its way through its codings. No coding may give more than `most` bytes."""

    def __init__(self, named: Iterable[str], most: int, too_large: Callable[[], Failure]) -> None:
        self._layers = [_Layer(name, most, too_large) for name in reversed(tuple(named))]

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """What `data` adds to the body. A step takes about a millisecond; any thread may take the next."""
        return self._through(data, 0)

    def _through(self, data: bytes, depth: int) -> Iterator[bytes]:
        if depth == len(self._layers):
            yield data
            return
        for piece in self._layers[depth].pieces(data):
            yield from self._through(piece, depth + 1)

    def finish(self) -> None:
        """Raises the Failure of a body that was cut off."""
        for layer in self._layers:
            layer.finish()


class _Layer:
    def __init__(self, name: str, most: int, too_large: Callable[[], Failure]) -> None:
        self._name = name
        self._most = most
        self._too_large = too_large
        self._size = 0
        self._coding = CODINGS[name]()

    def pieces(self, data: bytes) -> Iterator[bytes]:
        while data or not self._coding.hungry:
            piece = self._read(data)
            data = b""
            self._size += len(piece)
            if self._size > self._most:
                raise self._too_large()
            if piece:
                yield piece

    def finish(self) -> None:
        if not self._coding.ended:
            raise self._damaged()

    def _read(self, data: bytes) -> bytes:
        try:
            return self._coding.read(data)
        except self._coding.errors as error:
            raise self._damaged() from error

    def _damaged(self) -> Failure:
        return Failure(
            FailureKind.BAD_REQUEST,
            f"The request body is not whole and valid {self._name}, which its content-encoding says it is.",
        )


def _unsupported(sentence: str) -> Failure:
    return Failure(FailureKind.BAD_REQUEST, sentence, status=_UNSUPPORTED_MEDIA_TYPE)
