"""What every credential can do."""

from collections.abc import Mapping, Sequence
from typing import Protocol


class Credential(Protocol):
    async def headers(
        self, method: str, url: str, headers: Sequence[tuple[str, str]], body: bytes
    ) -> Mapping[str, str]:
        """The headers that prove who sends this very request; a Failure where they cannot be had."""
        ...
