"""What is switched for a while, laid over what the file says: values, and what becomes of them with time."""

from collections.abc import Mapping, Sequence

import msgspec

from app.settings import Settings
from app.toml.layout import written_path
from proxy.config.switch import HowLong, Lasting, Switch, What, value_in, with_value


class Overlay(msgspec.Struct, frozen=True):
    """One key with another value than the file's."""

    what: What
    value: bool | str
    written: bool | str | None
    """What the file said when it was set; None: it had no such tier."""
    until: float | None = None
    """Seconds since 1970; None: until the program ends."""

    def lasting(self, now: float) -> HowLong:
        return Lasting.RUN if self.until is None else max(self.until - now, 1.0)

    def stands(self, written: Settings, now: float) -> bool:
        """False when its time is over, and when somebody has said something else in the file since."""
        if self.until is not None and now >= self.until:
            return False
        said = value_in(written, self.what)
        if said is None:  # a tier need not stand there; a provider that does not is none
            return self.written is None and self.what[0] != "providers"
        return said != self.value and said == (True if self.written is None else self.written)


Overlays = Mapping[What, Overlay]


def with_switch(overlays: Overlays, switch: Switch, written: Settings, now: float) -> Overlays:
    """What is laid over the file after a switch. One for good leaves nothing of what was there."""
    others = {what: overlay for what, overlay in overlays.items() if what != switch.what}
    if switch.lasting is Lasting.ALWAYS or not isinstance(switch.value, bool | str):
        return others
    until = None if isinstance(switch.lasting, Lasting) else now + switch.lasting
    said = value_in(written, switch.what)
    before = said if isinstance(said, bool | str) else None
    return {**others, switch.what: Overlay(switch.what, switch.value, before, until)}


def taking_back(switches: Sequence[Switch], overlays: Overlays, now: float) -> list[Switch]:
    """What will make the overlays of these keys as they are, once the switches are made."""
    back: list[Switch] = []
    for what in dict.fromkeys(each.what for each in switches):
        overlay = overlays.get(what)
        if overlay is not None:
            back.append(Switch(what, overlay.value, overlay.lasting(now)))
        elif any(each.what == what and each.lasting is not Lasting.ALWAYS for each in switches):
            back.append(Switch(what, None, Lasting.RUN))
    return back


def standing(overlays: Overlays, written: Settings, now: float) -> Overlays:
    return {what: each for what, each in overlays.items() if each.stands(written, now)}


def laid_over(written: Settings, overlays: Overlays) -> Settings:
    for what, overlay in overlays.items():
        written = with_value(written, what, overlay.value)
    return written


def next_end(overlays: Overlays) -> float | None:
    return min((each.until for each in overlays.values() if each.until is not None), default=None)


def in_words(switch: Switch) -> str:
    """For the log."""
    match switch.lasting:
        case Lasting.ALWAYS:
            length = "for good"
        case Lasting.RUN:
            length = "until the program ends"
        case seconds:
            length = f"for {seconds:g} seconds"
    return f"{written_path(switch.what)} is switched to {switch.value}, {length}"
