"""Who answers: the services of a plan are asked in order until one has begun to answer.

Before the first byte towards the client every failure but the client's own leads on: to the next key of the
provider, to the next service of the plan. Each service is asked once, but for a request that we altered and
that it refused for the alteration's sake. After the first byte there is no way back.
"""

import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from proxy import log
from proxy.config import Config
from proxy.providers.entrance import Task
from proxy.providers.facts import facts
from proxy.providers.fitting import Correction, refused
from proxy.providers.provider import Provider
from proxy.routing.health.board import Board
from proxy.routing.health.key import Key
from proxy.routing.service import Candidate, Plan, Service
from proxy.upstream.answer import Answer
from proxy.upstream.asked import Asked
from proxy.upstream.attempt import Caller
from proxy.upstream.issued import Issued
from proxy.upstream.judging import ErrorAnswer, Failed, ends_the_exchange, is_about_the_key, most_useful
from proxy.upstream.keys import Keys
from proxy.upstream.learned import Learned
from proxy.upstream.preparing import prepared
from proxy.upstream.trying import ProviderError, Trying
from proxy.wire.failure import Failure, FailureKind

_log = log.area("upstream")

_NOT_IMPLEMENTED = 501


class RefusedError(Exception):
    """Nobody answered. `answer` is a provider's own error, where it is in the client's format."""

    def __init__(self, failure: Failure, answer: ErrorAnswer | None = None) -> None:
        super().__init__(failure.sentence)
        self.failure = failure
        self.answer = answer


@dataclass(slots=True)
class _Search:
    """How far the search for an answer has come."""

    asked: Asked
    config: Config
    ends: float
    failures: list[Failed] = field(default_factory=list)
    too_small: int | None = None
    """A context window of this size did not hold the prompt."""

    @property
    def seconds_left(self) -> float:
        return self.ends - time.monotonic()


class Upstream:
    """Asks providers on behalf of exchanges."""

    def __init__(
        self,
        config: Callable[[], Config],
        caller: Caller,
        keys: Keys,
        board: Board,
        learned: Learned,
        is_us: Callable[[str], bool],
    ) -> None:
        self._config = config
        self._caller = caller
        self._keys = keys
        self._board = board
        self._learned = learned
        self._is_us = is_us
        self._issued = Issued()
        self._answers = Issued()
        self._trying = Trying(caller, board, self._issued, self._answers)

    def stop(self) -> None:
        """End every open attempt with a failure that says why, and begin no other."""
        self._caller.stop()

    def issuer_of(self, answer_id: str) -> Service | None:
        """The service that gave an answer which a client refers to."""
        return Service.named(self._answers.issuer(answer_id) or "")

    @asynccontextmanager
    async def answer(self, asked: Asked, plan: Plan) -> AsyncIterator[Answer]:
        """The answer of the first service that begins one; RefusedError where none does.

        A Failure out of the scope is one of the stream that was being read in it.
        """
        asked.exchange.source = plan.source
        asked.exchange.reasons = plan.reasons
        async with AsyncExitStack() as stack:
            yield await self._first_answer(stack, asked, plan)

    async def _first_answer(self, stack: AsyncExitStack, asked: Asked, plan: Plan) -> Answer:
        search = _Search(asked, self._config(), time.monotonic() + plan.deadline)
        for candidate in self._in_order(search, plan.candidates):
            if search.seconds_left <= 0:
                break
            before = len(asked.exchange.attempts)
            try:
                answer = await self._asked_service(stack, search, candidate)
            finally:
                if len(asked.exchange.attempts) == before:
                    self._board.released(candidate.service)
            if answer is not None:
                return answer
        raise _refusal(search, plan)

    def _in_order(self, search: _Search, candidates: Iterable[Candidate]) -> Iterable[Candidate]:
        """Those that are well as the plan has them, then those that are not, the soonest to recover first.

        One whose recovery is just being tried by another request waits until the others have been asked.
        """
        marked: list[tuple[float, int, Candidate]] = []
        for place, candidate in enumerate(candidates):
            if not _may_hold(search, candidate):
                continue
            until = self._board.marked_until(candidate.service)
            if until is not None or not self._board.admit(candidate.service):
                marked.append((until or 0.0, place, candidate))
            else:
                yield candidate
        for _, _, candidate in sorted(marked, key=lambda entry: entry[:2]):
            if _may_hold(search, candidate):
                yield candidate

    async def _asked_service(
        self, stack: AsyncExitStack, search: _Search, candidate: Candidate
    ) -> Answer | None:
        """The answer of one service, with the first of its provider's keys that gets one."""
        provider = Provider(candidate.service.provider, search.config.providers[candidate.service.provider])
        try:
            missing = provider.why_not_configured()
            if missing is not None:
                raise Failure(FailureKind.NO_SERVICE, missing)
            keys = self._board.usable_keys(
                candidate.service, await self._keys.of(provider, search.asked.exchange)
            )
        except Failure as failure:
            search.failures.append(Failed(candidate, failure))
            return None
        if not keys:
            search.failures.append(Failed(candidate, _all_refused(provider.name)))
        for key in keys:
            answer = await self._asked_with_key(stack, search, candidate, provider, key)
            if answer is not None:
                self._keys.served(key, search.asked.exchange.session)
                return answer
            if not is_about_the_key(search.failures[-1].failure):
                break
        return None

    async def _asked_with_key(
        self, stack: AsyncExitStack, search: _Search, candidate: Candidate, provider: Provider, key: Key
    ) -> Answer | None:
        correction: Correction | None = None
        while True:
            try:
                return await self._tried(stack, search, candidate, provider, key, correction)
            except _RefusedRequest as refusal:
                if correction is None and refusal.correction is not None:
                    correction = refusal.correction
                    self._learned.learn(candidate.service, correction)
                    _log.info("%s: asked again: %s", candidate.service, refusal.failed.failure.sentence)
                    continue
                failed = refusal.failed
            search.failures.append(failed)
            failure = failed.failure
            if ends_the_exchange(failure):
                raise _told(failed, search)
            if failure.kind is FailureKind.CONTEXT_OVERFLOW:
                window = facts(provider.config.kind, candidate.service.model).context
                search.too_small = max(search.too_small or 0, failure.maximum or window or 0)
            return None

    async def _tried(
        self,
        stack: AsyncExitStack,
        search: _Search,
        candidate: Candidate,
        provider: Provider,
        key: Key,
        correction: Correction | None,
    ) -> Answer:
        altered = False
        try:
            ready = await prepared(
                search.asked,
                candidate,
                provider,
                key,
                self._issued,
                self._learned.of(candidate.service),
                without_thinking=correction is not None and correction.drops_thinking,
            )
            if self._is_us(ready.call.url):
                raise Failure(FailureKind.NO_SERVICE, _leads_back(provider.name))
            altered = ready.altered
            async with AsyncExitStack() as trying:
                answer = await self._trying.once(
                    trying, search.asked, candidate, provider, key, ready, search.seconds_left
                )
                stack.push_async_exit(trying.pop_all())
                return answer
        except ProviderError as error:
            found = refused(error.failure, error.answer.format) if altered else None
            raise _RefusedRequest(
                Failed(candidate, error.failure, key, error.answer, provider.is_official), found
            ) from error
        except Failure as failure:
            raise _RefusedRequest(Failed(candidate, failure, key), None) from failure


class _RefusedRequest(Exception):  # noqa: N818 -- an outcome on its way to the one who decides what is next
    def __init__(self, failed: Failed, correction: Correction | None) -> None:
        super().__init__(failed.failure.sentence)
        self.failed = failed
        self.correction = correction


def _may_hold(search: _Search, candidate: Candidate) -> bool:
    """Whether a prompt that was too long elsewhere may fit; what is not known may."""
    if search.too_small is None:
        return True
    window = facts(search.config.providers[candidate.service.provider].kind, candidate.service.model).context
    return window is None or window > search.too_small


def _refusal(search: _Search, plan: Plan) -> RefusedError:
    if search.failures:
        return _told(most_useful(search.failures), search)
    if plan.candidates:
        sentence = f"Nobody answered within {plan.deadline:g} seconds, the `deadline` under [routing]."
        return RefusedError(Failure(FailureKind.TIMEOUT, sentence))
    return RefusedError(_nobody(search.asked, search.config))


def _told(failed: Failed, search: _Search) -> RefusedError:
    """In the provider's own words where the client speaks its format; a refused key is ours to explain."""
    failure, answer = failed.failure, failed.answer
    if failure.kind in (FailureKind.UNAUTHENTICATED, FailureKind.FORBIDDEN) and answer is not None:
        provider = failed.candidate.service.provider
        sentence = f"The provider {provider} refuses its key: {failure.sentence}"
        return RefusedError(Failure(failure.kind, sentence, status=failure.status, code=failure.code))
    is_clients = answer is not None and answer.format is search.asked.format and answer.status >= 400
    if failure.kind is FailureKind.CONTEXT_OVERFLOW and not failed.is_official:
        is_clients = False  # clients know it by the vendor's words, which others only imitate
    return RefusedError(failure, answer if is_clients else None)


def _all_refused(provider: str) -> Failure:
    return Failure(
        FailureKind.UNAUTHENTICATED,
        f"Every key of the provider {provider} was refused. Store a valid one with "
        f"`tierwise providers add {provider} --replace`.",
    )


def _leads_back(provider: str) -> str:
    return (
        f"The address of the provider {provider} is Tierwise itself, so nothing is sent there. "
        f"Set `base_url` under [providers.{provider}] in config.toml to the vendor's or the server's own."
    )


def _nobody(asked: Asked, config: Config) -> Failure:
    if not any(provider.enabled for provider in config.providers.values()):
        return Failure(
            FailureKind.NO_SERVICE,
            "No provider is configured and enabled. `tierwise providers add` adds one, and `tierwise demo` "
            "shows Tierwise at work without any.",
        )
    if asked.task is Task.EMBED:
        return Failure(
            FailureKind.NO_SERVICE,
            'No embedding model is configured. A route with surface = "embeddings", use = "pool" and '
            "services names one, or a provider that offers embeddings.",
            status=_NOT_IMPLEMENTED,
        )
    here = " on this machine" if config.routing.local_only else ""
    return Failure(
        FailureKind.NO_SERVICE,
        f"No configured service{here} can answer {asked.exchange.surface} requests for "
        f"{asked.exchange.requested_model or 'no model'}. Tiers and their services stand in config.toml.",
    )
