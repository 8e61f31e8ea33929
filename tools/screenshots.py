"""Pictures of every page, light and dark, at one and at two dots a point, into build/screenshots.

    python -m tools.screenshots [--pages overview logs] [--empty] [--size 1080x720]

The windows stand over a made-up home in a temporary folder: nothing runs, nothing is asked from any network,
and no real record or key is looked at. Each picture is taken when all that the page asked has been shown.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # run as a file
    sys.path.insert(0, str(ROOT))

from PySide6.QtGui import QCursor  # noqa: E402 -- after the path is set
from PySide6.QtWidgets import QApplication, QWidget  # noqa: E402

from app.desk.recorded import opened  # noqa: E402
from app.home import Home  # noqa: E402
from app.toml.edits import Assign  # noqa: E402
from benchmarks.ledger import build  # noqa: E402
from benchmarks.made_exchanges import developers_year, written_config  # noqa: E402
from ui.frame.page import Page  # noqa: E402
from ui.frame.window import MainWindow  # noqa: E402
from ui.icons import program_icon  # noqa: E402
from ui.loop import run  # noqa: E402
from ui.offered_demo import OfferedDemo  # noqa: E402
from ui.quit import Application  # noqa: E402
from ui.theme.theme import Theme  # noqa: E402
from ui.windows.pages import Around, entries, makers  # noqa: E402

FOLDER: Final = ROOT / "build" / "screenshots"
SCALES: Final = (1, 2)
SCHEMES: Final = ("light", "dark")
EXCHANGES: Final = 4000
DAYS: Final = 30
USUAL_SIZE: Final = "1080x720"
PATIENCE_SECONDS: Final = 20
TURNS: Final = 20
"""Of the loop, in which what was shown is laid out."""
NOWHERE: Final = (5000, 5000)
POINTED: Final = ("routing", "logs")
"""Pages that are shown a second time, pointed to a request."""
KEY: Final = "MADE_UP_KEY"


def make_home(folder: Path) -> None:
    """A month of work, of which the last day is today's."""
    now = time.time()
    (folder / "config.toml").write_text(written_config().replace('key = "none"', f'key = "env:{KEY}"'))
    build(folder / "tierwise.db", developers_year(EXCHANGES, now + 43_200, DAYS), now)


async def take(home: Path, scale: int, pages: list[str], size: tuple[int, int], kind: str) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    QCursor.setPos(*NOWHERE)  # nothing is pointed at
    theme = Theme(app)
    async with opened(Home(home), environ={KEY: "made up"}) as desk:
        demo = OfferedDemo(Home(home), {})
        for scheme in SCHEMES:
            await desk.write(Assign(("ui", "theme"), scheme))
            theme.choose(scheme)
            theme.wear()
            window = MainWindow(program_icon(), entries(), makers(Around(desk, theme, demo)))
            window.resize(*size)
            for entry in entries():
                if pages and entry.name not in pages:
                    continue
                window.go_to(entry.name)
                window.show()
                page = await window.built(entry.name)
                await shot(window, page, f"{entry.name}{kind}-{scheme}-{scale}x")
                rows = (await desk.logs())["rows"]
                if entry.name in POINTED and rows:
                    page.look_at(rows[0]["id"])
                    await shot(window, page, f"{entry.name}-request{kind}-{scheme}-{scale}x")
            window.close()
            await window.dismantled()


async def shot(window: QWidget, page: Page, name: str) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        await page.settled()
        await page.tasks.ended()
    for _ in range(TURNS):
        await asyncio.sleep(0)
    file = FOLDER / f"{name}.png"
    window.grab().save(str(file))
    print(file.relative_to(ROOT), flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", nargs="*", default=[], help="only these")
    parser.add_argument("--empty", action="store_true", help="over a home with nothing in it")
    parser.add_argument("--size", default=USUAL_SIZE, help=f"of the window; {USUAL_SIZE} by default")
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--scale", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    kind = ("-empty" if asked.empty else "") + ("" if asked.size == USUAL_SIZE else f"-{asked.size}")
    if asked.home is not None:
        width, height = map(int, asked.size.split("x"))
        run(take(asked.home, asked.scale, asked.pages, (width, height), kind), Application(["tierwise"]))
        return 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        home = Path(made)
        if not asked.empty:
            make_home(home)
        for scale in SCALES:
            environ = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": str(scale)}
            again = [sys.executable, "-m", "tools.screenshots", *sys.argv[1:]]
            subprocess.run([*again, "--home", made, "--scale", str(scale)], env=environ, cwd=ROOT, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
