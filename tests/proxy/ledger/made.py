"""Exchanges that are over, made up for tests, and databases that are filled as the program fills them."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from proxy.config import Config
from proxy.exchange import Attempt, Exchange, Outcome, Surface, new_id
from proxy.ledger.accounting import Accounting
from proxy.ledger.record import recorded
from proxy.ledger.rows import session_number
from proxy.ledger.scribe import Scribe, Settled
from proxy.ledger.store.database import Database
from proxy.ledger.store.migrations import migrate
from proxy.money.catalogue import FILE, Catalogue
from proxy.routing.selection.decision import Decision
from proxy.routing.selection.request import Request, Said
from proxy.routing.selection.selector import Selector
from proxy.routing.selection.snapshot import Snapshot
from proxy.routing.service import Service
from proxy.routing.signals import Looked, Messages, Signals, signals
from proxy.wire.canonical import UNKNOWN, Usage
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format
from proxy.wire.splice import Body
from resources import resource

NOW = 1_780_000_000.0
"""When exchanges are received that say nothing else: 2026-05-28, 20:26:40 UTC."""

USAGE = Usage(input=20, cache_read=30_000, cache_write=1_000, output=800)

_BATCH = 500
SESSION = "a-very-private-session"
_CHOSEN_FROM: Mapping[str, Any] = {
    "tiers": {
        "SIMPLE": {"services": [{"provider": "ollama", "model": "qwen3-coder:30b"}]},
        "COMPLEX": {"services": [{"provider": "anthropic", "model": "claude-sonnet-4-6"}]},
        "REASONING": {"services": [{"provider": "openai", "model": "gpt-5.5"}]},
    },
    "rules": [
        {"name": "eyes", "when": [{"signal": "content", "op": "has", "value": "image"}], "tier": "REASONING"},
        {
            "name": "long",
            "when": [
                {"signal": "tokens", "op": "gt", "value": 1000.5},
                {"not": {"signal": "session_age", "op": "gt", "value": 60}},
            ],
            "tier": "COMPLEX",
        },
        {
            "name": "private",
            "when": [{"signal": "latest_user_text", "op": "contains", "value": "plan"}],
            "services": [{"provider": "ollama", "model": "qwen3-coder:30b"}],
            "strict": True,
        },
    ],
}


def config_of(**tables: Any) -> Config:
    """A configuration with three providers: one that is paid, another one, and one on this machine."""
    providers = {
        "anthropic": {"kind": "anthropic"},
        "openai": {"kind": "openai"},
        "ollama": {"kind": "ollama"},
    }
    return msgspec.convert({"providers": providers, **tables}, Config)


CONFIG = config_of(savings={"reference": "anthropic/claude-opus-4-8"})


def attempt(service: str = "anthropic/claude-haiku-4-5", **overrides: Any) -> Attempt:
    """One that answered within two seconds; times are seconds after the exchange was opened."""
    named = Service.named(service)
    assert named is not None
    given: dict[str, Any] = {
        "key": "main",
        "tier": "SIMPLE",
        "format": Format.ANTHROPIC,
        "status": 200,
        "outcome": Outcome.ANSWERED,
        "began": 0.01,
        "first_byte": 0.51,
        "ended": 2.01,
        "usage": USAGE,
    }
    return Attempt(named, **{**given, **overrides})


def refused(service: str = "anthropic/claude-haiku-4-5", **overrides: Any) -> Attempt:
    """One that the provider did not take, so that another one was tried."""
    given: dict[str, Any] = {
        "status": 529,
        "outcome": Outcome.FAILED,
        "failure": Failure(FailureKind.OVERLOADED, "The provider is overloaded."),
        "first_byte": None,
        "usage": UNKNOWN,
    }
    return attempt(service, **{**given, **overrides})


def exchange(*attempts: Attempt, **overrides: Any) -> Exchange:
    """One that the last of its attempts has served; with `serving=None` nobody has."""
    tried = list(attempts) or [attempt()]
    given: dict[str, Any] = {
        "id": new_id(),
        "surface": Surface.MESSAGES,
        "client": "claude-code",
        "requested_model": "claude-opus-4-8",
        "format": Format.ANTHROPIC,
        "session": "session-1",
        "streamed": True,
        "received": NOW,
        "opened": 0.0,
        "decided": 0.001,
        "closed": 2.02,
        "source": "tier",
        "reasons": ("begins with tier SIMPLE",),
        "attempts": tried,
        "serving": tried[-1],
        "status": 200,
        "outcome": Outcome.ANSWERED,
        "cache_seconds": 300,
    }
    return Exchange(**{**given, **overrides})


def selector(**tables: Any) -> Selector:
    """Over three tiers and three rules, the last of which holds for what is long."""
    return Selector(config_of(**{**_CHOSEN_FROM, **tables}))


def signals_of(text: str, **about: Any) -> Signals:
    """What a request says in which somebody has typed this."""
    body = msgspec.json.encode({"model": "claude-opus-4-8", "messages": [{"role": "user", "content": text}]})
    looked = Looked(
        body=Body(body),
        format=Format.ANTHROPIC,
        surface="messages",
        client="claude-code",
        model="claude-opus-4-8",
        headers={"x-tierwise-session": SESSION},
    )
    return replace(signals(looked, Messages()), **about)


def decided(
    about: Signals | None = None,
    *,
    service: Service | None = None,
    snapshot: Snapshot | None = None,
    by: Selector | None = None,
    **others: Any,
) -> Decision:
    """The selector's own decision about a request."""
    asked = signals_of("hi", **others) if about is None else about
    request = Request(signals=asked, said=Said(service=service))
    return (by or selector()).select(request, snapshot or Snapshot(), Random(1))


def failed(*attempts: Attempt, **overrides: Any) -> Exchange:
    """One that nobody has answered."""
    tried = attempts or (refused(),)
    given: dict[str, Any] = {
        "serving": None,
        "refused_by": tried[-1],
        "status": 529,
        "outcome": Outcome.FAILED,
        "failure": Failure(FailureKind.OVERLOADED, "The provider is overloaded."),
    }
    return exchange(*tried, **{**given, **overrides})


@cache
def catalogue() -> Catalogue:
    """The prices that ship with the program."""
    return Catalogue(resource(FILE).read_bytes())


def settled(*exchanges: Exchange, config: Config = CONFIG) -> list[Settled]:
    """With their money, accounted for one after the other."""
    return list(_settled(Accounting(config, catalogue()), exchanges))


def _settled(accounting: Accounting, exchanges: Iterable[Exchange]) -> Iterator[Settled]:
    for each in exchanges:
        record = recorded(each)
        session = session_number(record.session)
        yield Settled(record, session, accounting.settled(record, session))


@contextmanager
def writing(path: Path) -> Iterator[Scribe]:
    """The database opened by the one who writes, with its tables; `path` is the file."""
    connected = Database(path).writer()
    try:
        migrate(connected.connection(), path.parent, NOW)
        yield Scribe(connected, lambda: None)
    finally:
        connected.close()


def write(scribe: Scribe, exchanges: Iterable[Exchange], config: Config = CONFIG) -> None:
    """A batch at a time, as the writer does."""
    batch: list[Settled] = []
    for each in _settled(Accounting(config, catalogue()), exchanges):
        batch.append(each)
        if len(batch) == _BATCH:
            scribe.write(batch)
            batch = []
    if batch:
        scribe.write(batch)


def filled(path: Path, exchanges: Iterable[Exchange], config: Config = CONFIG) -> Path:
    """A database file that holds these and is closed again."""
    with writing(path) as scribe:
        write(scribe, exchanges, config)
    return path
