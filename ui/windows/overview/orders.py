"""What a warning's button does, as plain values: deciding on one touches nothing."""

from dataclasses import dataclass

from proxy.config.switch import Switch


@dataclass(frozen=True, slots=True)
class Visit:
    """Go to the page where it can be mended."""

    page: str
    about: object = None


@dataclass(frozen=True, slots=True)
class ResetBreaker:
    """Ask the service again from now on."""

    service: str


@dataclass(frozen=True, slots=True)
class EndOverride:
    """No tier is set for everything any more."""


@dataclass(frozen=True, slots=True)
class MakeSwitch:
    """It is undone where the window says what was done."""

    switch: Switch
    done: str
    """What is said afterwards."""


Order = Visit | ResetBreaker | EndOverride | MakeSwitch
