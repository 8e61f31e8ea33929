"""From a provider's error to a Failure."""

from collections.abc import Mapping

from proxy.wire.errors.hearing import Said, heard
from proxy.wire.errors.kinds import kind_of
from proxy.wire.errors.masking import masked
from proxy.wire.errors.overflow import Sizes, sizes_in
from proxy.wire.errors.waits import wait_in
from proxy.wire.failure import Failure, FailureKind

_LONGEST_SENTENCE = 2000


def read_error(status: int | None, body: bytes, headers: Mapping[str, str] | None = None) -> Failure:
    """The failure that an answer tells of, or with no status the data of an error event in a stream."""
    lower = {name.lower(): value for name, value in (headers or {}).items()}
    said = heard(body, lower)
    told = _status(status, said)
    if told is None and status is not None and 300 <= status < 400:
        return Failure(FailureKind.BAD_ANSWER, f"The provider wants to be asked elsewhere (status {status}).")
    kind = kind_of(said, told)
    sizes = _sizes(said) if kind is FailureKind.CONTEXT_OVERFLOW else Sizes()
    failure = Failure(
        kind,
        _sentence(said, told),
        status=told,
        code=said.codes[0] if said.codes else None,
        retry_after=wait_in(lower, said),
        tokens=sizes.tokens,
        maximum=sizes.maximum,
        share=sizes.share,
    )
    failure.is_quoted = True
    return failure


def _status(status: int | None, said: Said) -> int | None:
    """The status of the answer. One that says "fine" above an error counts less than what the error says."""
    if status is not None and 400 <= status < 600:
        return status
    return said.status


def _sizes(said: Said) -> Sizes:
    if said.tokens is not None or said.maximum is not None:
        return Sizes(said.tokens, said.maximum)
    return sizes_in(said.message) or Sizes()


def _sentence(said: Said, status: int | None) -> str:
    # Half a surrogate pair could not be written to anybody.
    message = masked(said.message.encode(errors="replace").decode()).strip()
    if not message:
        answered = "failed" if status is None else f"answered with status {status}"
        return f"The provider {answered} and did not say why."
    return message if len(message) <= _LONGEST_SENTENCE else message[: _LONGEST_SENTENCE - 1] + "…"
