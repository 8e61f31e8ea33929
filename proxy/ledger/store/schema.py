"""The tables, as their first version made them; later ones are made by the steps in `migrations`.

`exchanges` holds one row for each request. `seq` counts them in the order in which they ended, `id` is the
number that its answer's headers tell, money is in whole nano-dollars, and times are milliseconds: `received`
since 1970, all others since `received`. Null is unknown, which is not zero.

`tries` are its attempts; the tokens of the one that served stand in its exchange. `traces` say why, for the
newest ones. The summaries (`quarters`, `latencies`, `outcomes`) are kept beyond the rows they are made from:
`quarters` in quarters of an hour, so that they add up to the days of every time zone. `days` follow them by
themselves, and tell where in years of quarters those of a rare sort are; they are days of UTC.
"""

from enum import IntFlag

from proxy.ledger.store.words import NUMBER


class Flag(IntFlag):
    """What is true of an exchange."""

    STREAMED = 1
    SUBSCRIPTION = 2
    """It is paid for by the month, so no cost is counted."""
    LOCAL = 4
    PARTIAL = 8
    """The answer broke off, and the counts are those known by then."""
    REFERENCE = 16
    """What it is compared with is the reference model, not the one asked for."""
    UNPRICED = 32
    """The tokens are known, and no price is."""
    PASSED_ON = 64
    """A server on this machine handed it to another one, so it was neither local nor free."""


QUARTER_MS = 15 * 60 * 1000
HOUR_MS = 60 * 60 * 1000
QUARTERS_OF_DAY = 96

_PART = 4096
"""Ids have no order. In one index of all of them every new one would stand on another page, which is written
whole; so they are in order by parts of the record only, and new ones all stand on the last few pages."""

SEQ_OF_ID = f"""
with recursive parts (part) as (
    select max(seq) / {_PART} from exchanges
    union all select part - 1 from parts where part > (select min(seq) / {_PART} from exchanges)
)
select max((select seq from exchanges where seq / {_PART} = part and id = ?)) from parts
"""  # noqa: S608 -- constants
"""Every part is asked for it: a millisecond for a million exchanges. Not as a join: with a Bloom filter
before an index of an expression, SQLite 3.40 finds nothing in it."""

_TABLES = """
create table words (id integer primary key, word text not null unique);

create table exchanges (
    seq integer primary key,
    id integer not null,
    received integer not null,
    origin integer not null,
    client integer not null,
    surface integer not null,
    profile integer,
    session integer,
    requested integer,
    source integer,
    tier integer,
    score real,
    provider integer,
    model integer,
    status integer,
    outcome integer not null,
    error integer,
    flags integer not null,
    tries integer not null,
    decided integer,
    first_byte integer,
    ended integer not null,
    cache_seconds integer not null,
    input integer,
    cache_read integer,
    cache_write integer,
    cache_write_1h integer,
    output integer,
    reasoning integer,
    cost integer,
    other_cost integer not null,
    price_source integer,
    baseline integer,
    baseline_alike integer,
    compared_with integer
);
create index exchanges_received on exchanges (received);
create index exchanges_id on exchanges (seq / {part}, id);

create table tries (
    seq integer not null,
    place integer not null,
    provider integer not null,
    model integer not null,
    key integer,
    tier integer,
    purpose integer not null,
    serves integer not null,
    status integer,
    outcome integer,
    error integer,
    began integer not null,
    first_byte integer,
    ended integer not null,
    input integer,
    cache_read integer,
    cache_write integer,
    cache_write_1h integer,
    output integer,
    reasoning integer,
    cost integer,
    reported integer,
    primary key (seq, place)
) without rowid;

create table traces (seq integer primary key, packed blob not null);
create table bodies (seq integer primary key, kept integer not null, packed blob not null);
create index bodies_kept on bodies (kept);

create table quarters (
    quarter integer not null,
    origin integer not null,
    client integer not null,
    provider integer not null,
    model integer not null,
    tier integer not null,
    {sums},
    primary key (quarter, origin, client, provider, model, tier)
) without rowid;

create table days (
    day integer not null,
    origin integer not null,
    client integer not null,
    provider integer not null,
    model integer not null,
    tier integer not null,
    requests integer not null,
    errors integer not null,
    primary key (day, origin, client, provider, model, tier)
) without rowid;
create trigger quarters_added after insert on quarters begin
    insert into days values (
        new.quarter / {day}, new.origin, new.client, new.provider, new.model, new.tier,
        new.requests, new.errors
    ) on conflict do update set requests = requests + excluded.requests, errors = errors + excluded.errors;
end;
create trigger quarters_changed after update of requests, errors on quarters begin
    update days
    set requests = requests + new.requests - old.requests, errors = errors + new.errors - old.errors
    where day = new.quarter / {day} and origin = new.origin and client = new.client
        and provider = new.provider and model = new.model and tier = new.tier;
end;
create trigger quarters_removed after delete on quarters begin
    update days set requests = requests - old.requests, errors = errors - old.errors
    where day = old.quarter / {day} and origin = old.origin and client = old.client
        and provider = old.provider and model = old.model and tier = old.tier;
end;

create table latencies (
    hour integer not null,
    provider integer not null,
    model integer not null,
    measure integer not null,
    bucket integer not null,
    n integer not null,
    primary key (hour, provider, model, measure, bucket)
) without rowid;

create table outcomes (
    hour integer not null,
    provider integer not null,
    model integer not null,
    result integer not null,
    n integer not null,
    primary key (hour, provider, model, result)
) without rowid;

create table pins (
    key text primary key,
    value blob not null,
    written integer not null,
    expires integer not null
) without rowid;
create table state (name text primary key, value blob not null, written integer not null) without rowid;
"""


def first_version(sums: str) -> str:
    """The script that makes the tables in an empty file; `sums` are the columns of the summary."""
    seeds = ", ".join(f"({number}, '{word}')" for word, number in NUMBER.items())
    return (
        _TABLES.format(sums=sums, part=_PART, day=QUARTERS_OF_DAY)
        + f"\ninsert into words (id, word) values {seeds};\n"
    )
