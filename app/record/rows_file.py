"""The rows of the record as a file: written whole or not at all, and given up when nobody wants it now."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path

from app.home import Home
from app.record.errors import RecordError, each_read_from, read_from
from app.record.forms import Pages, as_csv, as_json
from app.record.outlet import pour_into
from proxy.ledger.exporting import Row, Wanted, exported
from proxy.ledger.store.database import Database


class Form(StrEnum):
    """What other programs read."""

    CSV = "csv"
    JSON = "json"


class GivenUpError(RecordError):
    """Whoever wanted the file wants it no longer; nothing was written."""

    kind = "given_up"


_AS: Mapping[Form, Callable[[Pages], Iterator[str]]] = {Form.CSV: as_csv, Form.JSON: as_json}


def write_rows(home: Home, wanted: Wanted, file: Path, form: Form, goes_on: Callable[[int], bool]) -> int:
    """How many were written. `goes_on` is told after every page how many there are; False gives up."""
    count = 0

    def counted(pages: Iterable[list[Row]]) -> Iterator[list[Row]]:
        nonlocal count
        for page in pages:
            count += len(page)
            if not goes_on(count):
                raise GivenUpError(f"Nothing was written to {file}.")
            yield page

    with read_from(home.database):
        pages = each_read_from(home.database, exported(Database(home.database), wanted))
    pour_into(file, _AS[form](counted(pages)))
    return count
