"""Who answers: the services of a plan are asked in order until one has begun to answer.

Before the first byte towards the client every failure but the client's own leads on: to the next key of the
provider, to the next service of the plan. Each service is asked once, but for a request that it refused for
what can be put otherwise. After the first byte there is no way back.
"""

import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager

from proxy import log
from proxy.config import Config
from proxy.exchange import Exchange
from proxy.providers.fitting import Correction, refused
from proxy.providers.provider import Provider
from proxy.routing.health.board import Board
from proxy.routing.health.key import Key
from proxy.routing.service import Candidate, Plan
from proxy.upstream.answer import Answer
from proxy.upstream.asked import Asked
from proxy.upstream.attempt import Caller
from proxy.upstream.issued import Answers, Issued, Issuer
from proxy.upstream.judging import Failed, ends_the_exchange, is_about_the_key
from proxy.upstream.keys import Keys
from proxy.upstream.learned import Learned
from proxy.upstream.preparing import prepared
from proxy.upstream.refusing import all_refused, refusal, told
from proxy.upstream.search import Search
from proxy.upstream.trying import ProviderError, Trying
from proxy.wire.failure import Failure, FailureKind

_log = log.area("upstream")


class Upstream:
    """Asks providers on behalf of exchanges."""

    def __init__(
        self, config: Callable[[], Config], caller: Caller, keys: Keys, board: Board, learned: Learned
    ) -> None:
        self._config = config
        self._caller = caller
        self._keys = keys
        self._board = board
        self._learned = learned
        self._issued = Issued()
        self._answers = Answers()
        self._trying = Trying(caller, board, self._issued, self._answers)

    def stop(self) -> None:
        """End every open attempt with a failure that says why, and begin no other."""
        self._caller.stop()

    def issuer_of(self, answer_id: str) -> Issuer | None:
        """Who gave an answer that a client refers to."""
        return self._answers.issuer(answer_id)

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
        search = Search(asked, self._config(), time.monotonic() + plan.deadline)
        for candidate in self._in_order(search, plan.candidates):
            before = len(asked.exchange.attempts)
            try:
                answer = await self._asked_service(stack, search, candidate)
            finally:
                if len(asked.exchange.attempts) == before:
                    self._board.released(candidate.service)
            if answer is not None:
                return answer
            if search.is_over:
                break
        raise refusal(search, plan)

    def _in_order(self, search: Search, candidates: Iterable[Candidate]) -> Iterable[Candidate]:
        """Those that are well as the plan has them, then those that are not, the soonest to recover first.

        One whose recovery is just being tried by another request waits until the others have been asked.
        """
        marked: list[tuple[float, int, Candidate]] = []
        for place, candidate in enumerate(candidates):
            if not search.may_hold(candidate):
                continue
            until = self._board.marked_until(candidate.service)
            if until is not None or not self._board.admit(candidate.service):
                marked.append((until or 0.0, place, candidate))
            else:
                yield candidate
        for _, _, candidate in sorted(marked, key=lambda entry: entry[:2]):
            if search.may_hold(candidate):
                yield candidate

    async def _asked_service(
        self, stack: AsyncExitStack, search: Search, candidate: Candidate
    ) -> Answer | None:
        """The answer of one service, with the first of its provider's keys that gets one."""
        provider = Provider(candidate.service.provider, search.config.providers[candidate.service.provider])
        try:
            keys = await self._usable_keys(provider, candidate, search.asked.exchange)
        except Failure as failure:
            search.note(Failed(candidate=candidate, failure=failure))
            return None
        for key in keys:
            answer = await self._asked_with_key(stack, search, candidate, provider, key)
            if answer is not None:
                self._keys.served(key, search.asked.exchange.session)
                return answer
            if search.is_over or not is_about_the_key(search.failures[-1].failure):
                break
        return None

    async def _usable_keys(self, provider: Provider, candidate: Candidate, exchange: Exchange) -> list[Key]:
        missing = provider.why_not_configured()
        if missing is not None:
            raise Failure(FailureKind.NO_SERVICE, missing)
        keys = self._board.usable_keys(candidate.service, await self._keys.of(provider, exchange))
        if not keys:
            raise all_refused(provider.name)
        return keys

    async def _asked_with_key(
        self, stack: AsyncExitStack, search: Search, candidate: Candidate, provider: Provider, key: Key
    ) -> Answer | None:
        """One answer; a request that is refused for what can be put otherwise is put otherwise, once."""
        outcome = await self._tried(stack, search, candidate, provider, key, None)
        if isinstance(outcome, Failed) and outcome.correction is not None and not search.is_over:
            self._learned.learn(candidate.service, outcome.correction)
            _log.info("%s: asked again: %s", candidate.service, outcome.failure.sentence)
            outcome = await self._tried(stack, search, candidate, provider, key, outcome.correction)
        if not isinstance(outcome, Failed):
            return outcome
        search.note(outcome)
        if ends_the_exchange(outcome.failure):
            raise told(outcome, search)
        return None

    async def _tried(
        self,
        stack: AsyncExitStack,
        search: Search,
        candidate: Candidate,
        provider: Provider,
        key: Key,
        correction: Correction | None,
    ) -> Answer | Failed:
        attempts = search.asked.exchange.attempts
        before = len(attempts)
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
            altered = ready.altered
            async with AsyncExitStack() as trying:
                answer = await self._trying.once(
                    trying, search.asked, candidate, provider, key, ready, search.ends
                )
                stack.push_async_exit(trying.pop_all())
                return answer
        except ProviderError as error:
            failure, told_in = error.failure, error.answer
        except Failure as raised:
            failure, told_in = raised, None
        found = refused(failure, told_in.format) if told_in is not None else None
        if found is not None and not (altered or found.drops_thinking):
            found = None  # it refuses the client's own words, which are the client's to change
        return Failed(
            candidate=candidate,
            failure=failure,
            key=key,
            attempt=attempts[-1] if len(attempts) > before else None,
            answer=told_in,
            is_official=provider.is_official,
            correction=found,
        )
