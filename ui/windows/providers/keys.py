"""The keys of a provider, one by one: where each is, whether it will do, and what to do if not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.providers.key_state import KeyKind, KeyState
from app.providers.wish import KeySource, Wish
from proxy.config import ProviderConfig, secret_name
from ui.signs import SIGNS, Level
from ui.windows.providers.words import sentence, tr

Mark = Mapping[str, Any]

_REFUSED: Final = frozenset({"rejected", "forbidden"})


@dataclass(frozen=True, slots=True)
class Key:
    """One of them."""

    form: str
    """As config.toml names it."""
    title: str
    level: Level
    words: str
    advice: str
    """What to do; empty where all is well."""
    stored_as: str
    """Its entry in the keyring, if it is there; else empty."""
    can_be_replaced: bool

    @property
    def signed(self) -> str:
        return f"{SIGNS[self.level]} {self.words}"


def keys(name: str, states: Sequence[KeyState], marks: Iterable[Mark]) -> list[Key]:
    """`marks` are those of all providers, as routing tells them."""
    refused = {
        mark["key"]: mark
        for mark in marks
        if mark["provider"] == name and mark["model"] is None and mark["reason"] in _REFUSED
    }
    return [_key(name, each, refused.get(each.form), len(states)) for each in states]


def _key(name: str, state: KeyState, refused: Mark | None, of_how_many: int) -> Key:
    level, words, advice = _told(state) if refused is None else _of_refused(state)
    in_keyring = state.form.partition(":")[0] == "keyring"
    return Key(
        form=state.form,
        title=title(state.form),
        level=level,
        words=words,
        advice=advice,
        stored_as=(secret_name(state.form, name) or "") if state.kind is KeyKind.STORED else "",
        can_be_replaced=in_keyring or of_how_many == 1,
    )


def title(form: str) -> str:
    """What a key is called."""
    place, _, label = form.partition(":")
    match place:
        case "env":
            return tr("Key in %1", label)
        case "keyring" if label:
            return tr("Key “%1”", label)
        case _:
            return tr("Key")


def _of_refused(state: KeyState) -> tuple[Level, str, str]:
    if state.form.startswith("env:"):
        variable = state.form.partition(":")[2]
        advice = tr("Set %1 to another key where Tierwise is started, and start it again.", variable)
    else:
        advice = tr("Make a new key at the provider, and replace this one.")
    return "bad", tr("rejected by the provider"), advice


def _told(state: KeyState) -> tuple[Level, str, str]:
    label = state.form.partition(":")[2]
    match state.kind:
        case KeyKind.STORED:
            return "good", tr("in the keyring of the system"), ""
        case KeyKind.MISSING:
            return "bad", tr("not in the keyring of the system"), tr("Paste it: “Set key …”.")
        case KeyKind.UNKNOWN:
            return "warn", tr("unknown: the keyring does not answer"), _of_keyring(state)
        case KeyKind.SET:
            return "good", tr("in the environment variable %1", label), ""
        case KeyKind.UNSET:
            advice = tr("Set it where Tierwise is started, or keep the key in the keyring instead.")
            return "bad", tr("the environment variable %1 is not set", label), advice
        case KeyKind.ACCOUNT:
            return "good", tr("the credentials of your account on this machine"), ""
        case KeyKind.NONE_NEEDED:
            return "muted", tr("it is asked without a key"), ""
        case KeyKind.CLIENT:
            return "good", tr("each client brings its own credential"), ""


def _of_keyring(state: KeyState) -> str:
    """What is in its way, which says what to do."""
    return sentence(state.words.partition(":")[2].strip())


def replacing(name: str, form: str) -> Wish:
    """Another key in the place of that one; what was in the environment is in the keyring then."""
    place, _, label = form.partition(":")
    return Wish(
        name=name,
        is_there=True,
        replaces=True,
        replaced=form,
        source=KeySource.STDIN,
        label=label if place == "keyring" else "",
    )


def adding(name: str, label: str) -> Wish:
    return Wish(name=name, is_there=True, source=KeySource.STDIN, label=label)


def label_for_another(config: ProviderConfig) -> str:
    """What a further key may be called; empty for one that needs no name."""
    taken = set(config.key_forms)
    if not any(form.partition(":")[0] == "keyring" for form in taken):
        return ""
    return next(f"key{number}" for number in range(2, len(taken) + 3) if f"keyring:key{number}" not in taken)


def why_no_label(label: str, config: ProviderConfig) -> str:
    """A sentence; empty for a name that a further key can have."""
    if not label and "keyring" in config.key_forms:
        return tr("Give the further key a name, such as “work”.")
    if f"keyring:{label}" in config.key_forms:
        return tr("There is a key of that name already. “Replace …” puts another one in its place.")
    if "/" in label or ":" in label or not label.isprintable():
        return tr("The name of a key contains no slash and no colon.")
    return ""
