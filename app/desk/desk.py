"""What windows hold: asks the record and the gateway, and says when an answer may have become another one.

    async with opened(home) as desk: ...        over a recorded home, see `app.desk.recorded`
    desk = Desk(application)                    in the running program

Every question is a coroutine, answers plain values, and raises a DeskError with a sentence where it cannot be
answered. What is marked as at once is told from memory. Pages of several parts (`overview`, `routing`,
`prices`) carry {error, detail} in the place of a part that failed.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, TypeVar

from app.desk.changes import Change
from app.desk.errors import told
from app.desk.figures import Counts, LastDecision
from app.desk.listening import Listening
from app.desk.orders import Orders
from app.desk.program import Program
from app.desk.providers import ProviderDesk
from app.desk.standing import Standing, standing_of
from app.settings import Settings
from proxy.exchange import Origin
from proxy.ledger.queries.logs import LogFilters
from proxy.ledger.queries.spans import Window
from proxy.ledger.queries.usage import Filters
from proxy.secret import Secret
from proxy.server.answers import Answers

T = TypeVar("T")


class Desk(Orders):
    """One for all windows of a program. All of it is on the program's loop."""

    def __init__(self, program: Program, *, is_live: bool = True) -> None:
        """Where it is not live nothing is asked from any network."""
        super().__init__(program)
        self.program = program
        self.providers = ProviderDesk(program, is_live=is_live)
        self._is_live = is_live
        self._listening = Listening(program)

    def client_token(self) -> Secret | None:
        """What a program that has none of its own gives as its key; None where nothing runs."""
        return self.program.client_token() if self._is_live else None

    def listen(self, callback: Callable[[Change], None]) -> Callable[[], None]:
        """Call back, on the loop, when something has changed; the answer ends it.

        Of each kind it is told at once, and then no more than four times a second.
        """
        return self._listening.listen(callback)

    # -- at once -----------------------------------------------------------------------------------

    @property
    def settings(self) -> Settings:
        """Those in force."""
        return self.program.loaded.settings

    @property
    def filters(self) -> Filters:
        """Everything that counts here; `replace(desk.filters, provider=...)` narrows it."""
        state = self._answers.state
        return Filters(origin=Origin.CLIENT if state is None else state.origin)

    def standing(self) -> Standing:
        return standing_of(self.program)

    def last_decision(self) -> LastDecision | None:
        past = self._answers.last()
        return None if past is None else LastDecision.of(past)

    # -- of the record -----------------------------------------------------------------------------

    async def counts(self) -> Counts:
        """What a tray tells of today."""
        return Counts.of(await _asked(self._answers.today(self.filters)))

    async def overview(self, filters: Filters | None = None) -> dict[str, Any]:
        """{uptime, port, version, providers, providerWarnings, metrics, today, window, stats, statsWindow,
        recentRequests, ledger, budgets, routing, ...}, as /api/overview."""
        return await _asked(self._answers.overview(filters or self.filters))

    async def usage(self, window: Window, filters: Filters | None = None) -> dict[str, Any]:
        """{window, since, until, totals, by_provider, by_model, by_tier, by_client, series_unit, daily,
        flagship}. `daily` is zero-filled; each piece has label, start, end, requests, byTier, cost_by_tier,
        cost_usd, baseline_usd and saved_usd."""
        return await _asked(self._answers.usage(window, filters or self.filters))

    async def export_usage(self, window: Window, filters: Filters | None = None) -> list[dict[str, Any]]:
        """Rows with the columns of `proxy.ledger.queries.usage_rows.COLUMNS`."""
        return await _asked(self._answers.usage_rows(window, filters or self.filters))

    async def choices(
        self, window: Window, filters: Filters | None = None
    ) -> dict[str, list[dict[str, Any]]]:
        """{provider, model, tier, client}: each [{name, requests}] by all filters but its own."""
        return await _asked(self._answers.choices(window, filters or self.filters))

    async def logs(self, wanted: LogFilters | None = None, limit: int = 100) -> dict[str, Any]:
        """{rows, next}; `Place.named(next)` as `before` of the filters gives the following page."""
        return await _asked(self._answers.logs(wanted or LogFilters(filters=self.filters), limit))

    async def log_news(self, wanted: LogFilters, after: int | None, limit: int = 100) -> dict[str, Any]:
        """{rows, is_all, last}: rows that were written after the one of that number, the last one first.

        `last` is what to ask for next; without `after` it is all that is told.
        """
        return await _asked(self._answers.log_news(wanted, after, limit))

    async def exchange(self, id_: str) -> dict[str, Any]:
        """A row with {reasons, decision, is_traced, attempts} beside."""
        return await _asked(self._answers.exchange(id_))

    async def said(self, id_: str) -> dict[str, Any] | None:
        """What was asked and answered, where it is kept; None where it is not."""
        return await _asked(self._answers.said(id_))

    async def scores(self, days: int, filters: Filters | None = None) -> list[tuple[float, int]]:
        """Scores in ascending order, each with how many requests of the last days had it."""
        return await _asked(self._answers.scores(days, filters or self.filters))

    async def prices(self, beside: Iterable[str] = ()) -> dict[str, Any]:
        """{date, source, licence, services, unpriced, uncompared, repricing}, as /api/prices.

        The services are those in use or with a price of the user's, and those that are named `beside`.
        """
        return await _asked(self._answers.prices(beside))

    # -- of routing --------------------------------------------------------------------------------

    async def routing(self, filters: Filters | None = None) -> dict[str, Any]:
        """{tierDefinitions, rules, override, scorer, accuracy, stats, providerStats, window,
        circuitBreakers, marks, shadow}, as /api/routing."""
        return await _asked(self._answers.routing(filters or self.filters))

    async def explain(self, question: bytes | Mapping[str, Any]) -> dict[str, Any]:
        """{decision, refusal}; a question is {id} of a recent request, or {body, surface, client, ...}."""
        return await _asked(self._answers.explain(question))

    async def recent(self) -> list[dict[str, Any]]:
        """[{id, when, client, surface, model, kind, tier, service, sentence, preview}]."""
        return await _asked(self._answers.recent())

    async def sessions(self) -> dict[str, Any]:
        """{sessions, services}: which conversations stay with which service."""
        return await _asked(self._answers.sessions())

    async def reset_breaker(self, service: str) -> None:
        """Forget what keeps provider/model from being asked; provider/* is every model of the provider."""
        await _asked(self._answers.reset_breaker(service))

    # -- of what is there --------------------------------------------------------------------------

    async def quota(self, *, refresh: bool = False) -> dict[str, Any]:
        """{providers: [{provider, tightest, windows, balance_supported, error, detail}], budgets}."""
        return await _asked(self._answers.quota(refresh=refresh and self._is_live))

    async def local(self) -> dict[str, Any]:
        """{enabled, looked, servers: [{name, configured, kind, label, url, state, models, ...}]}."""
        return await _asked(self._answers.local())

    @property
    def _answers(self) -> Answers:
        return self.program.gateway.answers


async def _asked(question: Awaitable[T]) -> T:
    with told():
        return await question
