"""Source files as large projects have them, grown from a seed: agents read them, and nobody wrote them."""

import random
from zlib import crc32

_NOUNS = (
    *(
        "order",
        "invoice",
        "account",
        "shipment",
        "payment",
        "customer",
        "address",
        "refund",
        "ticket",
        "batch",
    ),
    *(
        "ledger",
        "region",
        "product",
        "bundle",
        "voucher",
        "carrier",
        "parcel",
        "contract",
        "session",
        "report",
    ),
)
_VERBS = (
    "load",
    "merge",
    "check",
    "split",
    "count",
    "group",
    "price",
    "route",
    "close",
    "match",
    "renew",
    "audit",
)
_FIELDS = (
    "total",
    "state",
    "owner",
    "created",
    "limit",
    "weight",
    "rate",
    "code",
    "note",
    "parent",
    "retries",
)
_STATES = ("open", "held", "paid", "lost", "done", "late", "void", "sent")
_SORTING = """\
    found = [one for one in {n}s if one.{f} is not None and one.{g} != '{s}']
    if not found:
        raise {N}Error(f'no {n} has a {f} beside {{len({n}s)}} others')
    return sorted(found, key=lambda one: (one.{f}, one.id))[:{k}]
"""
_GROUPING = """\
    by_{f}: dict[str, list[{N}]] = defaultdict(list)
    for one in {n}s:
        by_{f}[str(one.{f})].append(one)
    log.debug('%s {n}s in %s groups by {f}', len({n}s), len(by_{f}))
    return {{key: tuple(group) for key, group in by_{f}.items() if len(group) > {k} % 3}}
"""
_CHANGING = """\
    with store.transaction() as rows:
        for one in {n}s:
            if one.{g} == '{s}' and one.{f} > {k}:
                rows.update('{n}s', id=one.id, {g}='{t}', {f}=one.{f} - {k})
            elif one.{g} == '{t}':
                rows.delete('{n}s', id=one.id)
        return rows.changed
"""
_POSTING = """\
    attempt = 0
    while attempt < {k} % 7 + 2:
        try:
            return gateway.post('/{n}s/{v}', {{'{f}': [one.{f} for one in {n}s], '{g}': '{s}'}})
        except TimeoutError:
            attempt += 1
            sleep(backoff(attempt, base=0.{k}))
    raise {N}Error('{v} of {n}s: the gateway did not answer')
"""
_BODIES = (_SORTING, _GROUPING, _CHANGING, _POSTING)
_DOCS = (
    "Those whose {f} is set come first; a {g} of '{s}' is left out, because the nightly job closes it.",
    "Called by the importer and by the {v} command. Keep the order: reports rely on it.",
    "A {n} may come twice when the carrier sends its file again, so this must be safe to repeat.",
    "Older rows have no {f}; they were written before the {g} was kept, see the migration of March.",
)


_HEAD = """\
\"\"\"What belongs to {area}.\"\"\"

import logging
from collections import defaultdict

from time import sleep

from core.errors import *
from core.models import *

from core.store import backoff, gateway, store

log = logging.getLogger(__name__)
"""


def grown(seed: str, functions: str) -> str:
    draw = random.Random(crc32(seed.encode()))
    head = _HEAD.format(area=seed.replace("_", " "))
    return "\n".join([head, *(_function(draw, number) for number in range(int(functions)))])


def _function(draw: random.Random, number: int) -> str:
    noun, verb = draw.choice(_NOUNS), draw.choice(_VERBS)
    field, other = draw.sample(_FIELDS, 2)
    state, later = draw.sample(_STATES, 2)
    things = {"n": noun, "N": noun.capitalize(), "v": verb}
    words = {**things, "f": field, "g": other, "s": state, "t": later, "k": draw.randrange(2, 90)}
    doc, body = draw.choice(_DOCS).format(**words), draw.choice(_BODIES).format(**words)
    name = f"{verb}_{noun}s_by_{field}_{number}"
    return f'\ndef {name}({noun}s: Sequence[{noun.capitalize()}]) -> object:\n    """{doc}"""\n{body}'
