"""The journal secrets that wait in a private file for the keyring: the file itself.

It is a JSON object of names and values. `null` for a value is a tombstone: the secret was deleted while
the keyring could not be asked, so the keyring may still hold an older one.
"""

import logging
import threading
from pathlib import Path

import msgspec

from app.keyring.files import DamagedFileError, PrivateFile
from proxy.secret import Secret

_log = logging.getLogger("tierwise.secrets")

Filed = dict[str, Secret | None]
"""Names with their secrets; None is a tombstone."""


class FiledSecrets:
    """The file, from any thread. A damaged one is set aside, and an empty one begins."""

    def __init__(self, file: PrivateFile) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._set_aside: Path | None = None

    @property
    def path(self) -> Path:
        return self._file.path

    def all(self) -> Filed:
        with self._lock:
            return self._load()

    def put(self, name: str, secret: Secret | None) -> None:
        with self._lock:
            self._store({**self._load(), name: secret})

    def pop(self, name: str) -> None:
        """Remove the name, if it is there."""
        with self._lock:
            filed = self._load()
            if name in filed:
                del filed[name]
                self._store(filed)

    def discard(self, name: str, secret: Secret | None) -> None:
        """Remove the name if it still has this value."""
        with self._lock:
            filed = self._load()
            if name in filed and filed[name] == secret:
                del filed[name]
                self._store(filed)

    def damage(self) -> str | None:
        """What was lost, if anything was."""
        if self._set_aside is None:
            return None
        return (
            f"{self.path.name} was damaged and lies in {self._set_aside} now. Secrets of client settings "
            "that only it held cannot be put back."
        )

    def _load(self) -> Filed:
        try:
            return self._decoded()
        except DamagedFileError:
            self._set_aside = self._file.set_aside()
            _log.warning("%s", self.damage())
            return {}

    def _decoded(self) -> Filed:
        text = self._file.read()
        if text is None:
            return {}
        try:
            plain = msgspec.json.decode(text.reveal(), type=dict[str, str | None])
        except msgspec.DecodeError:
            pass
        else:
            return {name: None if value is None else Secret(value) for name, value in plain.items()}
        raise DamagedFileError(f"{self.path} is damaged.")

    def _store(self, filed: Filed) -> None:
        if not filed:
            self._file.remove()
            return
        plain = {name: None if secret is None else secret.reveal() for name, secret in filed.items()}
        text = Secret(msgspec.json.encode(plain).decode())
        del plain  # the next line can fail, and its traceback may show this frame
        self._file.write(text)
