"""Who answers: the services of a plan are asked in order until one has begun to answer.

Before the first byte towards the client every failure but the client's own leads on: to the next key of the
provider, to the next service of the plan. Each service is asked once, but for a request that it refused for
what can be put otherwise. After the first byte there is no way back.
"""

from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace

from proxy import log
from proxy.config import Config
from proxy.exchange import Exchange
from proxy.providers.entrance import Task
from proxy.providers.fitting import Correction, refused
from proxy.providers.provider import Provider
from proxy.routing.balance.in_flight import InFlight
from proxy.routing.health.board import Board
from proxy.routing.health.key import Key
from proxy.routing.service import Candidate, Plan
from proxy.upstream.allowances.allowances import Allowances
from proxy.upstream.answer import Answer
from proxy.upstream.asked import Addressee, Asked
from proxy.upstream.attempt import Caller
from proxy.upstream.deadline import Deadline
from proxy.upstream.issued import Answers, Issued, Issuer
from proxy.upstream.judging import Failed, ends_the_exchange, is_about_the_key
from proxy.upstream.keys import Keys
from proxy.upstream.learned import Learned
from proxy.upstream.nearby import NOTHING_TO_FIT, Fitting, Nearby
from proxy.upstream.preparing import Prepared, prepared
from proxy.upstream.refusing import all_refused, refusal, told
from proxy.upstream.search import Search
from proxy.upstream.trying import ProviderError, Trying
from proxy.wire.failure import Failure, FailureKind

_log = log.area("upstream")


class Upstream:
    """Asks providers on behalf of exchanges."""

    def __init__(
        self,
        caller: Caller,
        keys: Keys,
        board: Board,
        learned: Learned,
        allowances: Allowances,
        in_flight: InFlight,
        nearby: Nearby,
    ) -> None:
        self._nearby = nearby
        self._caller = caller
        self._keys = keys
        self._board = board
        self._learned = learned
        self._in_flight = in_flight
        self._issued = Issued()
        self._answers = Answers()
        self._trying = Trying(caller, board, self._issued, self._answers, allowances)

    def stop(self) -> None:
        """End every open attempt with a failure that says why, and begin no other."""
        self._caller.stop()

    def issuer_of(self, answer_id: str) -> Issuer | None:
        """Who gave an answer that a client refers to."""
        return self._answers.issuer(answer_id)

    @asynccontextmanager
    async def answer(
        self, asked: Asked, plan: Plan, config: Config, deadline: Deadline | None = None
    ) -> AsyncIterator[Answer]:
        """The answer of the first service that begins one; RefusedError where none does.

        The plan was made from this configuration, and is carried out with it whatever happens to the running
        one. A Failure out of the scope is one of the stream that was being read in it.
        """
        asked.exchange.source = plan.source
        async with AsyncExitStack() as stack:
            stack.callback(self._in_flight.leave, asked.exchange.id)
            ends = deadline or Deadline.after(plan.deadline, "of the `deadline` under [routing]")
            yield await self._first_answer(stack, Search(asked, config, ends, self._nearby), plan)

    async def _first_answer(self, stack: AsyncExitStack, search: Search, plan: Plan) -> Answer:
        exchange = search.asked.exchange
        for candidate in self._in_order(search, plan.candidates):
            search.begun.add(candidate.service)
            search.has_others = self._has_others(search, plan.candidates)
            before = len(exchange.attempts)
            self._in_flight.take(exchange.id, candidate.service)
            try:
                answer = await self._asked_service(stack, search, candidate)
            finally:
                if len(exchange.attempts) == before:
                    self._board.released(candidate.service, exchange.id)
            if answer is not None:
                return answer
            if search.is_over:
                break
        raise refusal(search, plan)

    def _in_order(self, search: Search, candidates: Iterable[Candidate]) -> Iterable[Candidate]:
        """The first one as it was chosen; then those that are well, in the order of the plan, then the rest.

        Of those that are not well the soonest to recover comes first. Taking one may claim it for a probe, so
        it must then be asked or released. One whose recovery is just being tried by another request waits
        until the others have been asked.
        """
        asker = search.asked.exchange.id
        marked: list[tuple[float, int, Candidate]] = []
        for place, candidate in enumerate(candidates):
            if not search.may_hold(candidate):
                continue
            if place == 0:
                self._board.admit(candidate.service, asker)
                yield candidate
                continue
            until = self._board.marked_until(candidate.service, asker=asker)
            if until is not None or not self._board.admit(candidate.service, asker):
                marked.append((until or 0.0, place, candidate))
            else:
                yield candidate
        for _, _, candidate in sorted(marked, key=lambda entry: entry[:2]):
            if search.may_hold(candidate):
                yield candidate

    def _has_others(self, search: Search, candidates: Iterable[Candidate]) -> bool:
        """Whether somebody is left whom it pays to go to; whoever is unwell is no better than a queue."""
        asker = search.asked.exchange.id
        return any(
            each.service not in search.begun
            and search.may_hold(each)
            and self._board.marked_until(each.service, asker=asker) is None
            for each in candidates
        )

    async def _asked_service(
        self, stack: AsyncExitStack, search: Search, candidate: Candidate
    ) -> Answer | None:
        """The answer of one service, with the first of its provider's keys that gets one."""
        provider = Provider(candidate.service.provider, search.config.providers[candidate.service.provider])
        try:
            async with self._caller.in_time(provider.name, search.deadline):
                keys = await self._usable_keys(provider, candidate, search.asked.exchange)
        except Failure as failure:
            search.note(Failed(candidate=candidate, failure=failure))
            return None
        for key in keys:
            whom = Addressee(candidate, provider, key, self._nearby.leaves(candidate.service))
            answer = await self._asked_with_key(stack, search, whom)
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
        keys = await self._keys.of(provider, exchange)
        usable = self._board.usable_keys(candidate.service, keys)
        if not usable:
            raise all_refused(provider.name, keys)
        return usable

    async def _asked_with_key(self, stack: AsyncExitStack, search: Search, whom: Addressee) -> Answer | None:
        """One answer; a request that is refused for what can be put otherwise is put otherwise, once."""
        outcome = await self._tried(stack, search, whom, None)
        if isinstance(outcome, Failed) and outcome.correction is not None and not search.is_over:
            service = whom.candidate.service
            self._learned.learn(service, outcome.correction)
            _log.info("%s: asked again: %s", service, outcome.failure.for_log)
            outcome = await self._tried(stack, search, whom, outcome.correction)
        if isinstance(outcome, Failed) and not search.is_over and self._can_have_more_room(search, outcome):
            outcome = await self._tried(stack, search, whom, None)
        if not isinstance(outcome, Failed):
            return outcome
        search.note(outcome)
        if ends_the_exchange(outcome.failure):
            raise told(outcome, search)
        return None

    async def _tried(
        self, stack: AsyncExitStack, search: Search, whom: Addressee, correction: Correction | None
    ) -> Answer | Failed:
        attempts = search.asked.exchange.attempts
        before = len(attempts)
        altered = False
        try:
            async with self._caller.in_time(whom.provider.name, search.deadline):
                ready = await prepared(
                    search.asked,
                    whom,
                    self._issued,
                    self._learned.of(whom.candidate.service),
                    without_thinking=correction is not None and correction.drops_thinking,
                    fitting=self._fitting(search, whom.candidate),
                )
            ready = self._seated(search, ready)
            altered = ready.altered
            async with AsyncExitStack() as trying:
                answer = await self._trying.once(trying, search.asked, whom, ready, search.deadline)
                if answer.length is None:  # what is all there needs its provider no more
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
            candidate=whom.candidate,
            failure=failure,
            key=whom.key,
            attempt=attempts[-1] if len(attempts) > before else None,
            answer=told_in,
            is_official=whom.provider.is_official,
            correction=found,
        )

    def _fitting(self, search: Search, candidate: Candidate) -> Fitting:
        if search.asked.task is not Task.ANSWER:
            return NOTHING_TO_FIT
        decision, service = search.asked.exchange.decision, candidate.service
        counted = search.counted.get(service)
        if counted is None:
            counted = self._nearby.counted(service, 0 if decision is None else decision.tokens)
        return self._nearby.fitting(candidate, search.config, counted)

    def _can_have_more_room(self, search: Search, failed: Failed) -> bool:
        """Whether the prompt was only longer than estimated; from then on its length is known."""
        failure, service = failed.failure, failed.candidate.service
        if failure.kind is not FailureKind.CONTEXT_OVERFLOW or service in search.counted:
            return False
        fitting = self._fitting(search, failed.candidate)
        if fitting.context is None or fitting.most is None or fitting.context >= fitting.most:
            return False
        search.counted[service] = failure.tokens or fitting.context
        return True

    def _seated(self, search: Search, ready: Prepared) -> Prepared:
        """A server near does so many at a time; nobody waits long for it while others are left."""
        slots = self._nearby.slots(ready.call.service.provider)
        if slots is None:
            return ready
        wait = search.config.local.queue_seconds if search.has_others else None
        call = replace(ready.call, seats=slots.many or 0, seats_at=slots.at, seat_seconds=wait)
        return replace(ready, call=call)
