"""A request fitted to a model, and what came of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from proxy.providers.facts import facts
from proxy.providers.fitting import Fit, fit
from proxy.wire.format import Format
from proxy.wire.splice import Body


@dataclass(frozen=True)
class Fitted:
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    data: bytes
    fit: Fit

    @property
    def reasons(self) -> tuple[str, ...]:
        return self.fit.reasons

    @property
    def changed(self) -> dict[str, Any]:
        """Every top-level value that is another now; None for one that is gone."""
        names = self.before.keys() | self.after.keys()
        return {name: self.after.get(name) for name in names if self.before.get(name) != self.after.get(name)}


def fitted(
    spoken: Format,
    body: Mapping[str, Any],
    kind: str,
    model: str,
    *,
    params: Mapping[str, Any] | None = None,
    learned: Collection[str] = (),
    stream: bool = False,
    names_model: bool = True,
) -> Fitted:
    said = {"model": model, **body} if names_model else dict(body)
    data = msgspec.json.encode(said)
    found = fit(
        Body(data),
        format=spoken,
        model=model if names_model else None,
        facts=facts(kind, model),
        params=params or {},
        learned=learned,
        stream=stream,
    )
    spliced = Body(data).spliced(found.edits)
    return Fitted(said, msgspec.json.decode(spliced), spliced, found)
