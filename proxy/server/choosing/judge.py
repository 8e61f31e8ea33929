"""The scorer of texts that ships with the program."""

from typing import Final

from proxy import log
from proxy.routing.prior import DamagedPriorError, Prior
from resources import resource

_NAME: Final = "prior.bin"
_log = log.area("routing")


def shipped_judge() -> Prior | None:
    """None where its weights cannot be read; scores say so, and everything else goes on."""
    try:
        return Prior.read(resource(_NAME).read_bytes())
    except (DamagedPriorError, OSError) as error:
        _log.error("texts cannot be judged, so all count as ordinary ones: %s", error)
        return None
