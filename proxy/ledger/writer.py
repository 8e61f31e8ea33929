"""The thread that writes: records wait for it in a bounded line, and it never makes anybody wait.

    put       on the loop: the record joins the line
    settle    it is priced, once, in its turn
    write     a batch at a time, in one transaction; what fails waits and is tried again, ever more seldom
    between   what others have asked to be done with the database, and the house is kept in order

Whatever goes wrong with the file is answered here: a damaged one is set aside and a new one begun, a deleted
one is begun anew, and for a full disk or a locked file the batch waits. The user reads it in `problem`.
"""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

from proxy import log
from proxy.config import Config
from proxy.ledger.accounting import Accounting
from proxy.ledger.jobs import Jobs
from proxy.ledger.line import Line
from proxy.ledger.opened import Opened
from proxy.ledger.record import Record
from proxy.ledger.rows import session_number
from proxy.ledger.scribe import Scribe, Settled
from proxy.ledger.store.database import Database
from proxy.ledger.store.migrations import check_fits
from proxy.ledger.store.problems import Trouble, cause_of, is_about_the_file, sentence_of, trouble_of
from proxy.ledger.warming import warm

_log = log.area("ledger")

_BATCH = 1000
_GATHER_SECONDS = 0.2
"""A record is on disk within this time and that of a batch, whatever becomes of the process."""
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 30.0
_WORK_SECONDS, _TURN_SECONDS = 0.0005, 0.0005
"""How long the interpreter is kept, and how long the loop is given it then. To sleep is not free: with much
shorter turns the processor does more falling asleep and waking up than writing."""
_HOUSEKEEPING_SECONDS = 600.0

T = TypeVar("T")
Housekeeping = Callable[[Scribe, Config], bool]
"""Does some of what is to be done; whether nothing is left."""


class Writer:
    """One thread, one connection. `start` returns at once; opening the file is the thread's own work."""

    def __init__(
        self,
        database: Database,
        copies: Path,
        config: Config,
        accounting: Callable[[Config], Accounting],
        on_written: Callable[[Sequence[Settled], int], None],
        housekeeping: Housekeeping,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.problem = ""
        """What keeps records from being written, and what to do about it."""
        self.written = 0
        self._now = now
        self._config = config
        self._make_accounting = accounting
        self._accounting: Accounting | None = None
        self._accounted_with = config
        self._on_written = on_written
        self._housekeeping = housekeeping
        self._opened = Opened(database, copies, now, self._give_way)
        self._line = Line()
        self._unstorable = 0
        self._settled: list[Settled] = []
        self._jobs = Jobs()
        self._stopping = False
        self._wait = _FIRST_WAIT
        self._house_keeping_due = 0.0
        self._turn_began = 0.0
        self._thread = threading.Thread(target=self._run, name="ledger", daemon=True)

    # -- from any thread ---------------------------------------------------------------------------

    @property
    def waiting(self) -> int:
        return len(self._line) + len(self._settled)

    @property
    def dropped(self) -> int:
        """Records that were lost: because too many waited, or because they could not be stored."""
        return self._line.dropped + self._unstorable

    @property
    def notice(self) -> str:
        return self._opened.notice

    def start(self) -> None:
        self._thread.start()

    def reconfigured(self, config: Config) -> None:
        """Prices and limits of this configuration hold for what is settled from now on."""
        self._config = config

    def put(self, record: Record) -> None:
        self._line.put(record)

    def ask(self, job: Callable[[Scribe], T]) -> Future[T]:
        """Have something done with the database, after what was put before has been written."""
        future = self._jobs.add(job)
        self._line.rouse()
        return future

    def suspect(self) -> None:
        """Somebody who read has found damage; see for yourself."""
        self.ask(lambda _scribe: check_fits(self._opened.database.path))

    def stop(self, seconds: float) -> bool:
        """Write what is waiting and end; False if that takes longer."""
        self._stopping = True
        self._line.rouse()
        if self._thread.ident is not None:
            self._thread.join(seconds)
        return not self._thread.is_alive() and not self.waiting

    # -- the thread --------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            while True:
                is_last = self._stopping
                self._round()
                if is_last and (self.problem or not self.waiting):
                    break
                self._rest()
        finally:
            self._opened.close()
            self._jobs.end(RuntimeError("the ledger has ended"))

    def _rest(self) -> None:
        """Until something is to be done; after trouble until that may be over."""
        if not self.problem:
            self._line.rest(0 if self.waiting else _HOUSEKEEPING_SECONDS, _GATHER_SECONDS)
        elif not self._stopping and self._line.pause(self._wait):
            self._wait = min(self._wait * 2, _LONGEST_WAIT)

    def _round(self) -> None:
        try:
            self._work()
        except Exception as error:  # noqa: BLE001 -- the edge of the thread: here it is decided what is done
            self._met(error)

    def _work(self) -> None:
        """What has come by now; what comes meanwhile has its turn after the jobs."""
        self._turn_began = time.perf_counter()
        scribe = self._opened.scribe()
        jobs = len(self._jobs)
        for _ in range(1 + self.waiting // _BATCH):
            self._settle(scribe)
            self._write(scribe)
        if self.problem:
            _log.warning("the record is written again; %d records were lost meanwhile", self.dropped)
            self.problem, self._wait = "", _FIRST_WAIT
        self._jobs.do(scribe, jobs)
        self._keep_house(scribe)

    def _settle(self, scribe: Scribe) -> None:
        accounting = self._current_accounting(scribe)
        while len(self._settled) < _BATCH and (record := self._line.next()) is not None:
            try:
                session = session_number(record.session)
                account = accounting.settled(record, session)
            except Exception:  # noqa: BLE001 -- a bug about one record must not keep all others from being written
                self._leave_out(record)
                continue
            self._settled.append(Settled(record, session, account))
            self._give_way()

    def _current_accounting(self, scribe: Scribe) -> Accounting:
        config = self._config
        if self._accounting is None:
            accounting = self._make_accounting(config)
            warm(accounting, scribe.connection, self._now(), self._give_way)
            self._accounting = accounting
        elif config is not self._accounted_with:
            self._accounting.reconfigured(config)
        self._accounted_with = config
        return self._accounting

    def _write(self, scribe: Scribe) -> None:
        try:
            self._write_first(scribe, len(self._settled))
        except Exception as raised:
            if is_about_the_file(cause_of(raised)):
                raise
            self._write_each(scribe)

    def _write_each(self, scribe: Scribe) -> None:
        """One of a batch cannot be stored; the others can."""
        while self._settled:
            try:
                self._write_first(scribe, 1)
            except Exception as raised:
                if is_about_the_file(cause_of(raised)):
                    raise
                self._leave_out(self._settled.pop(0).record)

    def _write_first(self, scribe: Scribe, count: int) -> None:
        """What is written is forgotten at once: whatever happens next, it is not written again."""
        if not count:
            return
        batch = self._settled[:count]
        first = scribe.write(batch)
        del self._settled[:count]
        self.written += count
        try:
            self._on_written(batch, first)
        except Exception:  # noqa: BLE001 -- who listens must not keep anything from being written
            _log.exception("a listener has failed to hear what was recorded")

    def _leave_out(self, record: Record) -> None:
        _log.exception("%r cannot be stored, and is left out of the record", record.id)
        self._unstorable += 1

    def _keep_house(self, scribe: Scribe) -> None:
        now = time.monotonic()
        if self._stopping or now < self._house_keeping_due:
            return
        self._house_keeping_due = now + _HOUSEKEEPING_SECONDS  # if it fails, not sooner either
        if not self._housekeeping(scribe, self._config):
            self._house_keeping_due = now
            self._line.rouse()  # the rest of it after the records that have come meanwhile

    def _met(self, raised: Exception) -> None:
        """Something is wrong with the file, or with us."""
        error = cause_of(raised)
        problem = sentence_of(error, self._opened.database.path)
        if not is_about_the_file(error):
            _log.error("the record cannot be written", exc_info=raised)
        self._opened.close()
        if trouble_of(error) is Trouble.DAMAGED and self._is_damaged(problem):
            problem = self._opened.begin_anew(problem)
        if problem and problem != self.problem:
            _log.warning("%s", problem)
        self.problem = problem
        self._jobs.refuse(error)

    def _is_damaged(self, problem: str) -> bool:
        """A file that was opened while somebody moved it only looks so; the same twice is believed."""
        return problem == self.problem or not self._opened.is_sound()

    def _give_way(self) -> None:
        """A thread that computes keeps the interpreter for 5 ms at a time, which every stream would feel."""
        if time.perf_counter() - self._turn_began > _WORK_SECONDS and not self._stopping:
            time.sleep(_TURN_SECONDS)
            self._turn_began = time.perf_counter()
