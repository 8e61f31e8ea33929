"""What config.toml says of the face of the application."""

from typing import Annotated, Literal

from msgspec import Meta

from proxy.config import Table


class UiConfig(Table, frozen=True, kw_only=True):
    """The face of the application."""

    theme: Annotated[
        Literal["system", "light", "dark"],
        Meta(description="Colours of the windows; system: as the desktop."),
    ] = "system"
    language: Annotated[
        str, Meta(min_length=1, description="Language of the windows, such as en; system: as the desktop.")
    ] = "system"
    window_at_start: Annotated[
        Literal["useful", "open", "minimised"],
        Meta(
            description="What happens to the window when Tierwise starts; useful: it opens while nothing is "
            "configured. `--show` and `--minimised` say it for one start."
        ),
    ] = "useful"
    close_to_tray: Annotated[
        bool, Meta(description="Closing the last window leaves the tray icon and the gateway running.")
    ] = True
    autostart: Annotated[bool, Meta(description="Start with the desktop session.")] = False
