"""From a client's request to what must be edited in it for one model."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from proxy.providers.facts import Facts, taught
from proxy.providers.fitting.anthropic import fit_anthropic
from proxy.providers.fitting.chat import fit_chat
from proxy.providers.fitting.draft import Draft
from proxy.providers.fitting.gemini import fit_gemini
from proxy.providers.fitting.request import Request
from proxy.providers.fitting.responses import fit_responses
from proxy.providers.params import wishes
from proxy.wire.format import Format
from proxy.wire.splice import Body, Edit


@dataclass(frozen=True, slots=True)
class Fit:
    """The edits, and the sentences that tell them."""

    edits: tuple[Edit, ...] = ()
    reasons: tuple[str, ...] = ()


_FITTERS: Mapping[Format, Callable[[Request], None]] = {
    Format.ANTHROPIC: fit_anthropic,
    Format.OPENAI_CHAT: fit_chat,
    Format.RESPONSES: fit_responses,
    Format.GEMINI: fit_gemini,
}
"""The formats that clients speak."""


def fit(
    body: Body,
    *,
    format: Format,  # noqa: A002 -- the word of the domain
    model: str | None,
    facts: Facts,
    params: Mapping[str, Any],
    learned: Collection[str] = (),
    stream: bool,
) -> Fit:
    """`model` is what the provider calls it, None where the address names it. `learned` holds the names of
    parameters that this very service refused before."""
    draft = Draft(body)
    if model is not None:
        draft.set(("model",), model, f"model: {model}")
    fitter = _FITTERS.get(format)
    if fitter is not None:
        fitter(Request(draft, taught(facts, learned, format), wishes(params), frozenset(learned), stream))
    return Fit(*draft.result())
