"""The home folder: where all state of one Tierwise lives, and who may look at it."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from app.errors import HomeError
from app.files import PRIVATE_FOLDER

ELSEWHERE = "Name another folder with --home DIR or TIERWISE_HOME."


@dataclass(frozen=True, slots=True)
class Home:
    """The places inside one home folder. Nothing is created until `prepare` is called."""

    root: Path

    @property
    def config(self) -> Path:
        return self.root / "config.toml"

    @property
    def database(self) -> Path:
        return self.root / "tierwise.db"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def backups(self) -> Path:
        return self.root / "backups"

    @property
    def run(self) -> Path:
        return self.root / "run"

    @property
    def mark(self) -> str:
        """Tells this home from the user's others where they share a place; empty for the usual home."""
        if self.root == _usual_root():
            return ""
        return hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]

    @property
    def demo(self) -> "Home":
        return Home(self.root / "demo")

    def prepare(self) -> None:
        """Create what is missing, private to the user; say in a sentence why that cannot be done."""
        for folder in (self.root, self.logs, self.backups, self.run):
            try:
                folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
            except FileExistsError as error:
                raise HomeError(
                    f"{folder} is a file, and Tierwise needs a folder there. {ELSEWHERE}"
                ) from error
            except NotADirectoryError as error:
                raise HomeError(f"{folder} lies below a file, not below a folder. {ELSEWHERE}") from error
            except OSError as error:
                raise HomeError(f"{folder} cannot be created: {error.strerror}. {ELSEWHERE}") from error
        for folder in (self.root, self.logs, self.backups, self.run):
            if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
                raise HomeError(f"{folder} belongs to somebody else or is read-only. {ELSEWHERE}")


def find_home(named: str | None, environ: Mapping[str, str]) -> Home:
    """The folder of `--home`, else of TIERWISE_HOME, else the usual place for this user's data."""
    chosen = named or environ.get("TIERWISE_HOME") or ""
    if chosen:
        try:
            return Home(Path(chosen).expanduser().absolute())
        except RuntimeError as error:
            raise HomeError(f"{chosen} names the home of a user who does not exist. {ELSEWHERE}") from error
    return Home(_usual_root())


def _usual_root() -> Path:
    return Path(platformdirs.user_data_dir("tierwise", appauthor=False))
