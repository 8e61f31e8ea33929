"""Which keyring backend we trust with secrets.

The `keyring` library offers whatever is installed, a plain text file included, and its chain of
backends writes to whichever member comes first. So its offer is vetted by class: only the operating
system's own stores pass, and several pass as the first such store when every one of them is harmless.
What the user names (PYTHON_KEYRING_BACKEND, keyringrc.cfg) is vetted like everything else, and never
replaced by something they did not name.

All of this, the import of this module included, may load plugins and ask D-Bus: it belongs on the
keyring thread.
"""

from keyring.backend import KeyringBackend, get_all_keyring
from keyring.backends.chainer import ChainerBackend
from keyring.core import load_config, load_env

from app.keyring.entries import TrustedBackend, call_backend
from app.keyring.state import (
    KeyringKind,
    KeyringState,
    KeyringUnavailableError,
    UntrustedKeyringError,
)

_TRUSTED = {
    "keyring.backends.SecretService.Keyring",
    "keyring.backends.libsecret.Keyring",
    "keyring.backends.macOS.Keyring",
    "keyring.backends.Windows.WinVaultKeyring",
}

# Passed over beside a trusted one: KWallet also serves the Secret Service, which is the way we take.
_HARMLESS = {
    "keyring.backends.kwallet.DBusKeyring",
    "keyring.backends.kwallet.DBusKeyringKWallet4",
}

# A Windows credential holds 2,560 bytes, 1,280 UTF-16 units; the margin is for what lies in between.
_LIMITS = {"keyring.backends.Windows.WinVaultKeyring": 1200}

# The first beginning that fits says what is wrong; the last one fits everything.
_FLAWS = (
    ("keyring.backends.null.", "it forgets every secret it is given"),
    ("keyring.backends.fail.", "it stores nothing and fails every time"),
    ("keyring.backends.kwallet.", "Tierwise uses KWallet through its Secret Service only, so switch that on"),
    ("keyrings.alt.file.Plaintext", "it keeps secrets in a plain text file"),
    ("keyrings.alt.", "it keeps secrets in files of its own, not in the system's keyring"),
    ("", "it is no store of the operating system, and a secret might lie there in plain text"),
)
_REMEDY = (
    "Set PYTHON_KEYRING_BACKEND to keyring.backends.SecretService.Keyring (Linux), "
    "keyring.backends.macOS.Keyring or keyring.backends.Windows.WinVaultKeyring, or take the other one out "
    "of the environment, keyringrc.cfg or the installed packages; then start Tierwise again."
)
_ABSENT = KeyringState(
    KeyringKind.ABSENT,
    "This system offers no keyring. Install and start one (on Linux gnome-keyring, KWallet or KeePassXC with "
    "its Secret Service), or name provider keys as env:NAME.",
)


def choose_backend() -> TrustedBackend:
    """The backend to use; UntrustedKeyringError is final, any other KeyringUnavailableError may pass."""
    named = _named_by_the_user()
    if named is None or isinstance(named, ChainerBackend):
        return first_trusted(call_backend(_installed))
    return first_trusted([named])


def first_trusted(offered: list[KeyringBackend]) -> TrustedBackend:
    """The best of what is offered, or KeyringUnavailableError with the reason why none of it is used."""
    if not offered:
        raise KeyringUnavailableError(_ABSENT)
    paths = [_path(backend) for backend in offered]
    untrusted = [path for path in paths if path not in _TRUSTED | _HARMLESS]
    trusted = [backend for backend in offered if _path(backend) in _TRUSTED]
    if untrusted:
        raise UntrustedKeyringError(_refusal(untrusted[0], paths))
    if not trusted:  # a store of the system may start beside the harmless ones
        raise KeyringUnavailableError(_refusal(paths[0], paths))
    return TrustedBackend(trusted[0], _LIMITS.get(_path(trusted[0])))


def _refusal(path: str, offered: list[str]) -> KeyringState:
    flaw = next(flaw for beginning, flaw in _FLAWS if path.startswith(beginning))
    among = f" (one of {', '.join(offered)})" if len(offered) > 1 else ""
    sentence = f"Tierwise does not trust the keyring it was offered, {path}{among}: {flaw}. {_REMEDY}"
    return KeyringState(KeyringKind.REFUSED, sentence)


def _named_by_the_user() -> KeyringBackend | None:
    try:
        return load_env() or load_config()
    except RuntimeError as error:  # how a backend says that it does not work here
        kind, reason, remedy = KeyringKind.ABSENT, str(error), "Start it, or name another one."
    except Exception as error:  # noqa: BLE001 -- importing what somebody has named may raise anything
        kind, reason, remedy = KeyringKind.REFUSED, f"{type(error).__name__}: {error}", _REMEDY
    where = "The keyring named in PYTHON_KEYRING_BACKEND or keyringrc.cfg"
    raise KeyringUnavailableError(
        KeyringState(kind, f"{where} does not work here ({reason.rstrip('.')}). {remedy}")
    )


def _installed() -> list[KeyringBackend]:
    """What the library would chain, best first, looked up anew: a store may start after we did."""
    get_all_keyring()  # loads the plugins; its own findings are remembered for ever, so they are not used
    kinds = [kind for kind in KeyringBackend.get_viable_backends() if not issubclass(kind, ChainerBackend)]
    ranked = [(_priority(kind), kind) for kind in kinds]
    best_first = sorted(ranked, key=lambda each: each[0], reverse=True)
    return [kind() for priority, kind in best_first if priority > 0]


def _priority(kind: type[KeyringBackend]) -> float:
    """How good the backend is, 0 when it does not work: its service may stop while we look at it."""
    try:
        return kind.priority
    except Exception:  # noqa: BLE001 -- the library reads any error as "does not work here", and so do we
        return 0.0


def _path(backend: KeyringBackend) -> str:
    return f"{type(backend).__module__}.{type(backend).__qualname__}"
