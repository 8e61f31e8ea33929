"""What is said about a configuration file: one line per problem, with the place to look at."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from app.errors import UserError
from app.toml.layout import Layout, written_path
from proxy.config import Finding


class Problem(msgspec.Struct, frozen=True):
    """Something wrong in a file. Line and column count from 1; line 0 is the file as a whole."""

    file: Path
    message: str
    line: int = 0
    column: int = 0
    key: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else str(self.file)
        return f"{place}: {self.key}: {self.message}" if self.key else f"{place}: {self.message}"


class Notice(Problem, frozen=True):
    """Something in a file that is well-formed and has no effect."""


class ConfigError(UserError):
    """The configuration cannot be used; the message lists every reason, one per line."""

    exit_code = 2
    kind = "configuration"

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


def placed(findings: Iterable[Finding], file: Path, text: str) -> tuple[list[Problem], list[Notice]]:
    """Errors and notices with the places they are about, in the order of the file."""
    problems: list[Problem] = []
    notices: list[Notice] = []
    layout = Layout(text)
    for finding in findings:
        entry = layout.nearest(finding.path)
        line, column = layout.line_and_column(entry.key.start) if entry else (1, 1)
        key = written_path(finding.path)
        if finding.severity == "error":
            problems.append(Problem(file, finding.message, line, column, key))
        else:
            notices.append(Notice(file, finding.message, line, column, key))
    return sorted(problems, key=_by_place), sorted(notices, key=_by_place)


def _by_place(problem: Problem) -> tuple[int, int]:
    return problem.line, problem.column
