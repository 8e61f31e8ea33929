"""What can go wrong with an exchange, in one vocabulary that every wire format can say in its own words."""

from enum import StrEnum


class FailureKind(StrEnum):
    """Whose move it is now: the client's, the user's, or nobody's but time's."""

    BAD_REQUEST = "bad_request"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    TOO_LARGE = "too_large"
    NO_SERVICE = "no_service"
    CONNECTION = "connection"
    TIMEOUT = "timeout"
    STOPPING = "stopping"
    INTERNAL = "internal"


STATUS = {
    FailureKind.BAD_REQUEST: 400,
    FailureKind.UNAUTHENTICATED: 401,
    FailureKind.FORBIDDEN: 403,
    FailureKind.NOT_FOUND: 404,
    FailureKind.METHOD_NOT_ALLOWED: 405,
    FailureKind.TOO_LARGE: 413,
    FailureKind.INTERNAL: 500,
    FailureKind.CONNECTION: 502,
    FailureKind.NO_SERVICE: 503,
    FailureKind.STOPPING: 503,
    FailureKind.TIMEOUT: 504,
}


class Failure(Exception):  # noqa: N818 -- it is the outcome of an exchange, carried to the edge as an exception
    """An exchange that ends without an answer; `sentence` is what the client shows its user."""

    def __init__(self, kind: FailureKind, sentence: str) -> None:
        super().__init__(sentence)
        self.kind = kind
        self.sentence = sentence

    @property
    def status(self) -> int:
        return STATUS[self.kind]
