"""What a client is told when nobody has answered it."""

from collections.abc import Sequence

from proxy.config import Config
from proxy.exchange import Attempt, Surface
from proxy.routing.health.key import Key
from proxy.routing.service import Plan
from proxy.upstream.judging import ErrorAnswer, Failed, most_useful
from proxy.upstream.refused_key import ABOUT_A_KEY, naming
from proxy.upstream.search import Search
from proxy.wire.failure import Failure, FailureKind

_NOT_IMPLEMENTED = 501


class RefusedError(Exception):
    """Nobody answered. `answer` is a provider's own error, where it is in the client's format."""

    def __init__(
        self, failure: Failure, answer: ErrorAnswer | None = None, attempt: Attempt | None = None
    ) -> None:
        super().__init__(failure.sentence)
        self.failure = failure
        self.answer = answer
        self.attempt = attempt
        """The one whose failure this is."""


def refusal(search: Search, plan: Plan) -> RefusedError:
    """The most useful of all that went wrong."""
    if search.failures:
        return told(most_useful(search.failures), search)
    if plan.candidates:
        sentence = f"Nobody had answered when {search.deadline.called} were over."
        return RefusedError(Failure(FailureKind.TIMEOUT, sentence))
    exchange = search.asked.exchange
    return RefusedError(nobody(exchange.surface, exchange.requested_model or "", search.config))


def told(failed: Failed, search: Search) -> RefusedError:
    """In the provider's own words where the client speaks its format; a refused key is ours to explain."""
    failure, answer = failed.failure, failed.answer
    is_own = failed.key is not None and failed.key.is_clients_own
    if failure.kind in ABOUT_A_KEY and answer is not None and not is_own:
        worded = naming(failed.candidate.service.provider, failure)
        return RefusedError(worded, attempt=failed.attempt)
    is_clients = answer is not None and answer.is_error_in(search.asked.format)
    if failure.kind is FailureKind.CONTEXT_OVERFLOW and not failed.is_official:
        is_clients = False  # clients know it by the vendor's words, which others only imitate
    return RefusedError(failure, answer if is_clients else None, failed.attempt)


def all_refused(provider: str, keys: Sequence[Key]) -> Failure:
    if any(key.is_clients_own for key in keys):
        return Failure(
            FailureKind.UNAUTHENTICATED,
            f"The provider {provider} has refused the credential that this client brings along. "
            "Sign in again in the client; Tierwise keeps no copy of it.",
        )
    return Failure(
        FailureKind.UNAUTHENTICATED,
        f"Every key of the provider {provider} was refused. Store a valid one with "
        f"`tierwise providers add {provider} --replace`.",
    )


def nobody(surface: Surface, model: str, config: Config) -> Failure:
    """Why there is nobody who could be asked."""
    if not any(provider.enabled for provider in config.providers.values()):
        return Failure(
            FailureKind.NO_SERVICE,
            "No provider is configured and enabled. `tierwise tiers propose` proposes what this machine has, "
            "`tierwise providers add` adds one by hand, and `tierwise demo` shows Tierwise at work without "
            "any.",
        )
    if surface is Surface.EMBEDDINGS:
        return Failure(
            FailureKind.NO_SERVICE,
            'No embedding model is configured. A route with surface = "embeddings", use = "pool" and '
            "services names one, or a provider that offers embeddings.",
            status=_NOT_IMPLEMENTED,
        )
    here = " on this machine" if config.routing.local_only else ""
    return Failure(
        FailureKind.NO_SERVICE,
        f"No configured service{here} can answer {surface} requests for {model or 'no model'}. "
        "Tiers and their services stand in config.toml.",
    )
