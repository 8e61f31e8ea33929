"""What config.toml says of the window at the start holds where no flag says otherwise."""

from pathlib import Path

import pytest

from app import cli
from app.commands.context import Context, WindowAtStart
from app.ending import End


class PretendedDesktop:
    """Remembers how it was to open."""

    def __init__(self) -> None:
        self.windows: list[WindowAtStart] = []

    def run(self, context: Context, _end: End) -> int:
        self.windows.append(context.window)
        return 0

    def tell(self, sentence: str, end: End) -> None:
        raise AssertionError(sentence)


@pytest.mark.parametrize(
    ("config", "flags", "window"),
    [
        (None, [], WindowAtStart.USEFUL),
        ('[ui]\nwindow_at_start = "useful"\n', [], WindowAtStart.USEFUL),
        ('[ui]\nwindow_at_start = "open"\n', [], WindowAtStart.ASKED),
        ('[ui]\nwindow_at_start = "minimised"\n', [], WindowAtStart.MINIMISED),
        ('[ui]\nwindow_at_start = "minimised"\n', ["--show"], WindowAtStart.ASKED),
        ('[ui]\nwindow_at_start = "open"\n', ["--minimised"], WindowAtStart.MINIMISED),
        ("[ui\n", [], WindowAtStart.USEFUL),
    ],
)
def test_a_flag_then_the_file_then_what_is_useful(
    tmp_path: Path, config: str | None, flags: list[str], window: WindowAtStart
) -> None:
    if config is not None:
        (tmp_path / "config.toml").write_text(config)
    desktop = PretendedDesktop()
    assert cli.run(["--home", str(tmp_path), *flags], desktop) == 0
    assert desktop.windows == [window]
