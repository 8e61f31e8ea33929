"""One try: a request prepared for one service and one key, and its answer judged until it has begun.

What is told of the try, to the record and to those who watch the health of services, is told here, once,
when it is over: also for the one that serves, whose end is the end of its stream.
"""

import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager

from proxy import log
from proxy.exchange import Attempt, Outcome
from proxy.providers.provider import Provider
from proxy.routing.health.key import Key
from proxy.routing.health.sink import HealthSink
from proxy.upstream.allowances.allowances import Allowances
from proxy.upstream.answer import Answer
from proxy.upstream.asked import Addressee, Asked, aside
from proxy.upstream.attempt import Caller, RawAnswer
from proxy.upstream.back.heard import Heard
from proxy.upstream.deadline import Deadline
from proxy.upstream.issued import Answers, Issued, Issuer
from proxy.upstream.judging import ErrorAnswer
from proxy.upstream.mishaps import TooLateError
from proxy.upstream.opening import opened
from proxy.upstream.preparing import Prepared
from proxy.wire.errors import read_error
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format
from proxy.wire.limits import wait

_log = log.area("upstream")


class ProviderError(Exception):
    """A provider's error, with the answer that told it."""

    def __init__(self, failure: Failure, answer: ErrorAnswer) -> None:
        super().__init__(failure.sentence)
        self.failure = failure
        self.answer = answer


class Trying:
    """Makes tries and tells how they went."""

    def __init__(
        self,
        caller: Caller,
        health: HealthSink,
        issued: Issued,
        answers: Answers,
        allowances: Allowances,
    ) -> None:
        self._caller = caller
        self._health = health
        self._issued = issued
        self._answers = answers
        self._allowances = allowances
        self._told: set[tuple[str, str]] = set()

    async def once(
        self,
        stack: AsyncExitStack,
        asked: Asked,
        whom: Addressee,
        ready: Prepared,
        deadline: Deadline,
    ) -> Answer:
        """An answer that has begun. It stays open as long as `stack` does."""
        candidate = whom.candidate
        attempt = Attempt(
            candidate.service,
            key=whom.key.label,
            tier=candidate.tier,
            format=ready.format,
            began=time.monotonic(),
            notes=ready.notes,
            leaves=whom.leaves,
        )
        asked.exchange.attempts.append(attempt)
        begun = stack.enter_context(self._watched(asked.exchange.id, attempt, whom))
        raw = await stack.enter_async_context(self._caller.answer(ready.call, attempt, deadline))
        self._allowances.heard(whom, raw.status, raw.headers)
        if raw.status >= 300:
            raise await _told_error(raw, ready.format)
        answer = await opened(stack, asked, raw, ready.terms)
        begun.append(answer)
        self._health.begun(attempt.service, asker=asked.exchange.id)
        asked.exchange.serving = attempt
        return answer

    @contextmanager
    def _watched(self, asker: str, attempt: Attempt, whom: Addressee) -> Iterator[list[Answer]]:
        """Notes how the try ends, however it does; the answer is put into the list when it has begun."""
        begun: list[Answer] = []
        try:
            yield begun
        except (Failure, ProviderError) as error:
            failure = error if isinstance(error, Failure) else error.failure
            if not self._is_answered(attempt, whom.key, begun):
                self._failed(asker, attempt, whom, failure)
            raise
        except BaseException:
            if not self._is_answered(attempt, whom.key, begun):
                attempt.outcome = Outcome.CANCELLED
                self._health.cancelled(attempt.service, whom.key, asker=asker)
            raise
        else:
            failure_inside = begun[0].heard.failure if begun else None
            if failure_inside is not None:
                self._failed(asker, attempt, whom, failure_inside)
            else:
                self._succeeded(attempt, whom.key)
        finally:
            attempt.ended = time.monotonic()
            if begun:
                self._remember(attempt, whom.provider, begun[0].heard)

    def _is_answered(self, attempt: Attempt, key: Key, begun: list[Answer]) -> bool:
        """An answer that was complete is one, however its connection ended."""
        if not (begun and begun[0].is_complete):
            return False
        self._succeeded(attempt, key)
        return True

    def _succeeded(self, attempt: Attempt, key: Key) -> None:
        attempt.outcome = Outcome.ANSWERED
        self._told.discard((key.provider, key.label))
        self._health.succeeded(attempt.service, key)

    def _remember(self, attempt: Attempt, provider: Provider, heard: Heard) -> None:
        attempt.usage, attempt.model = heard.usage, heard.model
        attempt.calls, attempt.answer_id = tuple(heard.calls), heard.id
        self._issued.remember(provider.name, heard.signatures)
        if heard.id and attempt.format is Format.RESPONSES:
            self._answers.remember(heard.id, Issuer(attempt.service, attempt.key))

    def _failed(self, asker: str, attempt: Attempt, whom: Addressee, failure: Failure) -> None:
        key = whom.key
        attempt.outcome = Outcome.FAILED
        attempt.failure = failure
        if failure.kind is FailureKind.STOPPING or isinstance(failure, TooLateError):
            self._health.cancelled(attempt.service, key, asker=asker)
            return
        self._health.failed(attempt.service, key, failure, asker=asker, is_local=whom.provider.is_local)
        place = (key.provider, key.label)
        if failure.kind in (FailureKind.UNAUTHENTICATED, FailureKind.FORBIDDEN) and place not in self._told:
            self._told.add(place)
            _log.warning("%s refuses its key (%s): %s", attempt.service, key.label, failure.for_log)


async def _told_error(raw: RawAnswer, format_: Format) -> ProviderError:
    data = await raw.error()
    failure = await aside(lambda: read_error(raw.status, data, raw.headers), len(data))
    if failure.retry_after is None:
        failure.retry_after = wait(raw.headers, time.time())
    return ProviderError(failure, ErrorAnswer(format_, raw.status, list(raw.headers.items()), data))
