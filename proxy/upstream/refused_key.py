"""A key that a provider refuses is the user's to mend, so it is told which provider's it is."""

from proxy.wire.failure import Failure, FailureKind

ABOUT_A_KEY = (FailureKind.UNAUTHENTICATED, FailureKind.FORBIDDEN)


def naming(provider: str, failure: Failure) -> Failure:
    """The failure, if it is about the key as one that names the provider."""
    if failure.kind not in ABOUT_A_KEY:
        return failure
    sentence = f"The provider {provider} refuses its key: {failure.sentence}"
    worded = Failure(failure.kind, sentence, status=failure.status, code=failure.code)
    worded.is_quoted = failure.is_quoted
    return worded
