"""What all formats share in saying a failure to a client."""

from proxy.wire.failure import STATUS, FailureKind

SURE_STATUSES = {
    kind: STATUS[kind]
    for kind in (
        FailureKind.CONTEXT_OVERFLOW,
        FailureKind.CONTENT_FILTER,
        FailureKind.UNAUTHENTICATED,
        FailureKind.MODEL_NOT_FOUND,
        FailureKind.RATE_LIMIT,
        FailureKind.TOO_LARGE,
    )
}
"""Clients judge by the status before they read, so kinds that providers report under several have one each.

All others keep the provider's."""
