"""What every table of the configuration file is made of.

A table is a frozen struct. Its annotations are the schema: type, range, choices and one sentence per key,
read by the loader, by the generated reference and by the type checker alike. What one annotation cannot say
(two keys that exclude each other, the form of an address) a table says in `findings`.
"""

from collections.abc import Iterator
from typing import Final, Literal

import msgspec

Step = str | int
KeyPath = tuple[Step, ...]

SENSITIVE: Final = {"sensitive": True}
"""Mark of a key whose value may be a secret pasted into the wrong place: no message ever repeats it."""


class Finding(msgspec.Struct, frozen=True):
    """A sentence about one place of the configuration.

    An error keeps the file from being used; a notice says that one part of it has no effect.
    """

    path: KeyPath
    message: str
    severity: Literal["error", "notice"] = "error"

    def below(self, *steps: Step) -> "Finding":
        """The same finding, seen from further up."""
        return Finding((*steps, *self.path), self.message, self.severity)


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One table of the file. Mappings in it are typed read-only: treat them so."""

    def findings(self) -> Iterator[Finding]:
        """What is wrong with this table as a whole, its paths relative to the table."""
        yield from ()
