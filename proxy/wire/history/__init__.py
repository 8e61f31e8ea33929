"""Histories made fit for the provider they are sent to next.

A session that moves from one provider to another carries what the first one issued: signatures, ids, and
now and then a call that was never answered. Here that is put right, deterministically and as little as
possible; everything else is left as it was.
"""

from proxy.wire.history.fit import fitted
from proxy.wire.history.roles import folded, hoisted, merged

__all__ = ["fitted", "folded", "hoisted", "merged"]
