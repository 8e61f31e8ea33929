"""What the clouds that serve Anthropic's models want changed in a request that is otherwise Anthropic's.

They name the model in the address and the version in the body. Amazon also streams by address, and takes
in the body the betas that Anthropic takes in a header.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from proxy.wire.splice import Edit, Remove, Set


@dataclass(frozen=True, slots=True)
class Envelope:
    """How one cloud wraps a request."""

    version: str
    removes: tuple[str, ...] = ()
    betas_in_body: bool = False

    def edits(self, betas: Sequence[str] = ()) -> tuple[Edit, ...]:
        """What to change in the body; `betas` are those of the request's `anthropic-beta` header."""
        edits: list[Edit] = [Set(("anthropic_version",), msgspec.json.encode(self.version))]
        edits += [Remove((name,)) for name in self.removes]
        if betas and self.betas_in_body:
            edits.append(Set(("anthropic_beta",), msgspec.json.encode(list(betas))))
        return tuple(edits)


BEDROCK = Envelope("bedrock-2023-05-31", removes=("model", "stream"), betas_in_body=True)
VERTEX = Envelope("vertex-2023-10-16", removes=("model",))
VERTEX_COUNT = Envelope("vertex-2023-10-16")
"""Counting tokens has one address for all models, so the body keeps the name."""
