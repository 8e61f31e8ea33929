"""The one error of all that windows ask and order."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.errors import UserError
from proxy.ledger.ledger import LedgerError
from proxy.wire.failure import Failure


class DeskError(UserError):
    """A question that could not be answered or an order not carried out; the message says why."""

    kind = "desk"


@contextmanager
def told() -> Iterator[None]:
    """Whatever is in the way of the block, in one kind of error. Bugs stay what they are."""
    try:
        yield
    except DeskError:
        raise
    except Failure as failure:
        raise DeskError(failure.sentence) from failure
    except (LedgerError, UserError) as error:
        raise DeskError(str(error)) from error
