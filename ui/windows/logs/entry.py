"""A row of the log as the table keeps it: only what its columns tell, for lists may become long."""

from typing import Any

from msgspec import Struct


class Entry(Struct, frozen=True, gc=False):
    """Named as in the record's own rows. It holds nothing that could lead back to it."""

    id: str
    received: int
    client: str | None
    requested: str | None
    service: str | None
    tier: str | None
    source: str | None
    status: int | None
    outcome: str | None
    error: str | None
    attempt_count: int
    input_tokens: int | None
    cache_read_tokens: int | None
    cache_write_tokens: int | None
    output_tokens: int | None
    cost_usd: float | None
    subscription: bool
    price_source: str | None
    saved_usd: float | None
    estimated: bool
    compared_with: str | None
    first_byte_ms: int | None
    duration_ms: int | None

    def __getitem__(self, name: str) -> Any:
        return getattr(self, name)
