"""Keeps a request from going round in circles: from us to us, directly or through another proxy.

A request to a host that is not its vendor's own carries our mark in `via`. One that comes in with the mark
of this very instance has been here already.
"""

from multidict import CIMultiDictProxy

from proxy.wire.failure import Failure, FailureKind

_LOOP_DETECTED = 508


class LoopGuard:
    """Knows the mark of this instance."""

    def __init__(self, mark: str) -> None:
        self.mark = mark

    def check(self, headers: CIMultiDictProxy[str]) -> None:
        if any(self.mark in via for via in headers.getall("via", ())):
            raise Failure(
                FailureKind.NO_SERVICE,
                "This request has already been here: the address of a provider leads back to Tierwise. "
                "Check `base_url` of the providers in config.toml.",
                status=_LOOP_DETECTED,
            )
