"""What can go wrong with an exchange, in one vocabulary that every wire format can say in its own words."""

from enum import StrEnum


class FailureKind(StrEnum):
    """Whose move it is now: the client's, the user's, or nobody's but time's."""

    BAD_REQUEST = "bad_request"
    UNAUTHENTICATED = "unauthenticated"
    QUOTA = "quota"
    """Paid for or allowed no more, until a reset or a payment."""
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    MODEL_NOT_FOUND = "model_not_found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    TOO_LARGE = "too_large"
    CONTEXT_OVERFLOW = "context_overflow"
    CONTENT_FILTER = "content_filter"
    RATE_LIMIT = "rate_limit"
    NO_SERVICE = "no_service"
    OVERLOADED = "overloaded"
    SERVER = "server"
    """The provider says that it made a mistake."""
    CONNECTION = "connection"
    BAD_ANSWER = "bad_answer"
    """The provider's answer breaks the rules of its format."""
    BROKEN_OFF = "broken_off"
    """The provider's answer ended before its end."""
    TIMEOUT = "timeout"
    STOPPING = "stopping"
    INTERNAL = "internal"


STATUS = {
    FailureKind.BAD_REQUEST: 400,
    FailureKind.CONTEXT_OVERFLOW: 400,
    FailureKind.CONTENT_FILTER: 400,
    FailureKind.UNAUTHENTICATED: 401,
    FailureKind.QUOTA: 402,
    FailureKind.FORBIDDEN: 403,
    FailureKind.NOT_FOUND: 404,
    FailureKind.MODEL_NOT_FOUND: 404,
    FailureKind.METHOD_NOT_ALLOWED: 405,
    FailureKind.TOO_LARGE: 413,
    FailureKind.RATE_LIMIT: 429,
    FailureKind.INTERNAL: 500,
    FailureKind.SERVER: 500,
    FailureKind.CONNECTION: 502,
    FailureKind.BAD_ANSWER: 502,
    FailureKind.BROKEN_OFF: 502,
    FailureKind.NO_SERVICE: 503,
    FailureKind.STOPPING: 503,
    FailureKind.TIMEOUT: 504,
    FailureKind.OVERLOADED: 529,
}


class Failure(Exception):  # noqa: N818 -- it is the outcome of an exchange, carried to the edge as an exception
    """An exchange that ends without an answer; `sentence` is what the client shows its user.

    A failure that a provider reported also carries what it said beside the sentence: its status, its own
    code, the seconds after which to come back, and for a prompt that is too long its size and the limit. A
    prompt that alone would have fitted has a `share` in its size that the answer was to have.
    """

    is_quoted = False
    """Whether the sentence is a provider's, who may repeat in it what it was asked."""

    def __init__(
        self,
        kind: FailureKind,
        sentence: str,
        *,
        status: int | None = None,
        code: str | None = None,
        retry_after: float | None = None,
        tokens: int | None = None,
        maximum: int | None = None,
        share: int | None = None,
    ) -> None:
        super().__init__(sentence)
        self.kind = kind
        self.sentence = sentence
        self.status = STATUS[kind] if status is None else status
        self.code = code
        self.retry_after = retry_after
        self.tokens = tokens
        self.maximum = maximum
        self.share = share

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Failure) and self._told() == other._told()

    @property
    def for_log(self) -> str:
        """What may be written down: no words but our own."""
        return f"{self.kind} (status {self.status})" if self.is_quoted else self.sentence

    def _told(self) -> dict[str, object]:
        return {name: value for name, value in vars(self).items() if name != "is_quoted"}

    def __hash__(self) -> int:
        return hash((self.kind, self.sentence))
