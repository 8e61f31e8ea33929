"""The settings of the application: config.toml typed, checked, edited and watched.

The file belongs to the user. It is read whole or not at all: one wrong key and the running settings stay, or
at a start the last ones that worked, kept in backups/. The program changes only the keys it means to, and
never a file it cannot read. Of all programs and threads that edit it here one does at a time; an editor that
knows nothing of this is seen when it has saved, and the edit is made anew in what it wrote.

Everything here blocks and may be called from any thread.
"""

import logging
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from app.configuration.document import Document, UnreadableError, parse, read_bytes
from app.configuration.last_good import LastGood
from app.configuration.problem import ConfigError, Notice, Problem
from app.configuration.ui import UiConfig
from app.configuration.validation import Check, known_policy, validated
from app.errors import UserError
from app.file_lock import locked
from app.file_watch import FileWatch
from app.files import PRIVATE_FOLDER, written_beside
from app.home import Home
from app.toml.edits import Assign, Edit, Remove
from app.toml.scan import KeyPath
from app.toml.steps import Steps
from proxy.config import Config, notices
from proxy.routing.rules import rule_notices

__all__ = [
    "ConfigError",
    "EditError",
    "Loaded",
    "Settings",
    "SettingsFile",
]

_LOCK: Final = "config.lock"
_VERSION_DIGITS: Final = 12
_ATTEMPTS: Final = 5
_OTHERS_SECONDS: Final = 5.0
"""An edit takes milliseconds. Who holds the file for longer is stopped, or hangs on a network drive."""

Origin = Literal["file", "defaults", "last_good"]

log = logging.getLogger("tierwise.settings")


class Settings(Config, frozen=True, kw_only=True):
    """What config.toml can say: all that the gateway needs, and the face."""

    ui: Annotated[UiConfig, Meta(description="The face of the application.")] = UiConfig()


class Loaded(msgspec.Struct, frozen=True):
    """Settings with where they came from. `problems` are why the file itself was not used."""

    settings: Settings
    notices: tuple[Notice, ...]
    version: str
    source: Path
    origin: Origin
    problems: tuple[Problem, ...] = ()


class EditError(UserError):
    """The file could not be changed; it is as it was."""

    kind = "edit"


Wanted = Callable[[Settings, dict[str, Any]], Sequence[Edit]]
"""What is to be edited, by what the file says: its settings and its tree."""


class SettingsFile:
    """config.toml of one home. `checks` are what other rooms have to say about well-formed settings."""

    def __init__(
        self, home: Home, *, shadow_policies: Collection[str] = (), checks: Sequence[Check] = ()
    ) -> None:
        self.path = home.config
        self._kept = LastGood(home)
        self.last_good = self._kept.path
        self._checks = (notices, rule_notices, known_policy(shadow_policies), *checks)
        self._watches: list[FileWatch] = []
        self._steps = Steps()
        self._editing = home.run / _LOCK
        self._lock = threading.Lock()  # no last good one from the middle of an edit

    def load_at_start(self) -> Loaded:
        """The settings of the file, or of the last good one if it is broken; ConfigError if both fail."""
        try:
            return self.load()
        except ConfigError as error:
            last_good = self._last_good()
            if last_good is None:
                raise
            log.warning("the last good configuration is used instead of a broken one:\n%s", error)
            return msgspec.structs.replace(last_good, origin="last_good", problems=error.problems)

    def load(self) -> Loaded:
        """The settings of the file; ConfigError lists everything that is wrong with it.

        A file that cannot be read is reported as changed again by its watches, as soon as it can be.
        """
        with self._lock:
            document = parse(self.path, self._content())
            loaded = self._understood(document)
            self._kept.keep(document)
        return loaded

    def set(self, path: KeyPath, value: Any) -> Loaded:
        """Give one key a value."""
        return self.edit(Assign(path, value))

    def unset(self, path: KeyPath) -> Loaded:
        """Take one key out of the file, so that its default holds again."""
        return self.edit(Remove(path))

    def edit(self, *edits: Edit) -> Loaded:
        """Make all edits or none. A broken file, and one that the edits would break, is left as it is."""
        return self.edit_by(lambda _settings, _tree: edits)

    def edit_by(self, wanted: Wanted) -> Loaded:
        """The same for edits that depend on what the file says; `wanted` is asked again if that changes."""
        with self.alone(), self._lock:
            for _ in range(_ATTEMPTS):
                before = parse(self.path, read_bytes(self.path))
                edits = wanted(self._understood(before).settings, before.tree)
                after = parse(self.path, before.encoded(self._steps.edited(before.text, edits)))
                loaded = self._understood(after)
                if self._replaced(before, after):
                    self._kept.keep(after)
                    return loaded
        raise EditError(f"{self.path} is being written by another program all the time; try again")

    @contextmanager
    def alone(self) -> Iterator[None]:
        """No other program or thread edits the file meanwhile; `edit` within would wait for itself."""
        with ExitStack() as held:
            try:
                self.path.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
                held.enter_context(locked(self._editing, _OTHERS_SECONDS))
            except TimeoutError as error:
                raise EditError(
                    f"{self.path} was not changed: another Tierwise is changing it and does not finish. Try "
                    "again, and end that program if this stays so."
                ) from error
            except OSError as error:
                raise EditError(
                    f"{self.path} was not changed: {self._editing} cannot be written: {error.strerror}"
                ) from error
            yield

    def watch(self, on_change: Callable[[], None], *, interval: float = 1.0) -> FileWatch:
        """Call back, from a thread of its own, whenever the file changes.

        Watch first, then load: what the file looks like is noted before this returns, so that a change
        between the two is reported. The report may come while `load_at_start` is still at work; the caller
        remembers it until it can reload.
        """
        watch = FileWatch(self.path, on_change, interval=interval)
        self._watches.append(watch)
        return watch

    def _content(self) -> bytes:
        try:
            return read_bytes(self.path)
        except UnreadableError:
            for watch in self._watches:
                watch.look_again()
            raise

    def _understood(self, document: Document) -> Loaded:
        settings, remarks = validated(document, Settings, self._checks)
        origin: Origin = "file" if document.text.strip() else "defaults"
        version = sha256(document.content).hexdigest()[:_VERSION_DIGITS]
        return Loaded(settings, remarks, version, document.file, origin)

    def _replaced(self, before: Document, after: Document) -> bool:
        """Write the file, unless somebody else changed it since it was read."""
        if before.content == after.content:
            return True
        try:
            with written_beside(self.path, after.content) as put_in_place:
                if read_bytes(self.path) != before.content:
                    return False
                put_in_place()
        except OSError as error:
            raise EditError(f"{self.path} cannot be written: {error.strerror}") from error
        return True

    def _last_good(self) -> Loaded | None:
        try:
            loaded = self._understood(parse(self.last_good, self._kept.content()))
        except ConfigError:
            return None
        return loaded if loaded.origin == "file" else None
