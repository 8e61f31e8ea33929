"""What can be added: the presets, and servers of which only the format is known."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from proxy.providers.kinds import KINDS
from ui.windows.providers.words import tr


@dataclass(frozen=True, slots=True)
class Choice:
    """One of them, as the form begins with it."""

    name: str
    """What it is called unless the user says otherwise."""
    preset: str
    """Empty for a server of which only the format is known."""
    kind: str
    label: str
    about: str
    is_local: bool
    base_url: str
    key_variable: str
    keys_at: str
    is_added: bool

    @property
    def where(self) -> str:
        """Empty for a server whose address is yet to be named."""
        if not self.preset:
            return ""
        return tr("local") if self.is_local else tr("cloud")

    @property
    def needs_address(self) -> bool:
        return KINDS[self.kind].needs_address and not self.base_url

    @property
    def usual_address(self) -> str:
        """Where it is asked unless the user says otherwise."""
        return self.base_url or KINDS[self.kind].root

    @property
    def spoken(self) -> str:
        added = tr("added already") if self.is_added else ""
        return ", ".join(filter(None, (self.label, self.where, added, self.about)))


def choices(presets: Iterable[Mapping[str, Any]]) -> list[Choice]:
    """The presets as `desk.providers.presets` tells them, and those without one at the end."""
    return [*map(_of_preset, presets), *_others()]


def matching(choices: Sequence[Choice], words: str) -> list[Choice]:
    """Those that mention every word; who is called so comes first."""
    wanted = words.casefold().split()
    found = [
        each
        for each in choices
        if all(
            word in f"{each.label} {each.name} {each.kind} {each.about} {each.where}".casefold()
            for word in wanted
        )
    ]
    return sorted(found, key=lambda each: _distance(each, " ".join(wanted)))


def free_name(name: str, taken: Iterable[str]) -> str:
    """With a number, if somebody is called so already."""
    names = set(taken)
    if name not in names:
        return name
    return next(each for number in range(2, len(names) + 3) if (each := f"{name}-{number}") not in names)


def _distance(choice: Choice, words: str) -> int:
    """Called so, beginning so, having it in the name, or only speaking of it."""
    names = (choice.label.casefold(), choice.name.casefold())
    if words in names:
        return 0
    if any(name.startswith(words) for name in names):
        return 1
    return 2 if any(words in name for name in names) else 3


def _of_preset(each: Mapping[str, Any]) -> Choice:
    return Choice(
        name=each["id"],
        preset=each["id"],
        kind=each["kind"],
        label=each["label"],
        about=each["about"],
        is_local=each["where"] == "local",
        base_url=each["base_url"],
        key_variable=each["key_variable"],
        keys_at=each["keys_at"],
        is_added=each["added"],
    )


def _others() -> Iterable[Choice]:
    chat = tr("Any other server that speaks OpenAI's chat format; you name its address.")
    messages = tr("Any other server that speaks Anthropic's format; you name its address.")
    for kind, label, about in (
        ("openai-compatible", tr("Another server, OpenAI's format"), chat),
        ("anthropic-compatible", tr("Another server, Anthropic's format"), messages),
    ):
        yield Choice("my-server", "", kind, label, about, False, "", "", "", False)  # noqa: FBT003 -- by its fields
