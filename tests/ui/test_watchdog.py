"""The watchdog: what it calls a slice, which ones it reports, and where they were."""

import subprocess
import sys
from itertools import chain

from ui.watchdog import LIMIT_WHILE_OPENING_MS, Watchdog

TRIED_OUT = """
import asyncio, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QMenu
from ui.loop import run
from ui.watchdog import WatchedApplication, Watchdog

app = WatchedApplication(["tierwise"])
watchdog = Watchdog(lambda took_ms, what, where: print(f"{took_ms:.0f}|{what}|{where}", flush=True))
app.watch(watchdog)
watchdog.start()

def busy_for(seconds):
    began = time.perf_counter()
    while time.perf_counter() - began < seconds:
        pass

async def main():
    await asyncio.sleep(0.01)
    print("quick", flush=True)
    for _ in range(50):
        busy_for(0.0001)
        await asyncio.sleep(0)
    print("slow", flush=True)
    busy_for(0.06)
    await asyncio.sleep(0.01)
    print("menu", flush=True)
    over = asyncio.Event()

    def show_menu():
        menu = QMenu()
        menu.addAction("entry")
        menu.popup(menu.pos())
        QTimer.singleShot(0, lambda: print("open", flush=True))
        QTimer.singleShot(400, menu.close)
        menu.exec()
        print("closed", flush=True)
        over.set()

    QTimer.singleShot(0, show_menu)
    await over.wait()

run(main(), app)
watchdog.stop()
"""


def test_in_a_running_program_it_names_what_was_slow_and_not_what_only_waited() -> None:
    done = subprocess.run(
        [sys.executable, "-c", TRIED_OUT], capture_output=True, text=True, timeout=30, check=True
    )
    lines = done.stdout.splitlines()
    marks = ("quick", "slow", "menu", "open", "closed")
    quick, slow, menu, opened, closed = (lines.index(each) for each in marks)
    assert slow - quick < 25, "of fifty quick slices a busy machine may hold up some"
    reports = [report.split("|") for report in lines[slow + 1 : menu]]
    assert any(float(took) >= 60 and "busy_for" in where for took, _, where in reports)
    waited = [line for line in lines[opened + 1 : closed] if float(line.split("|")[0]) > 390]
    assert waited == [], "an open menu sleeps most of the time"


def test_while_a_window_opens_more_is_allowed() -> None:
    reports: list[float] = []
    times = chain.from_iterable((10 * n, 10 * n + 0.020) for n in range(3))
    watchdog = Watchdog(lambda took_ms, _what, _where: reports.append(took_ms), clock=lambda: next(times))
    watchdog.opening()
    assert watchdog.limit_ms == LIMIT_WHILE_OPENING_MS
    watchdog.begin("building")
    watchdog.end()
    assert reports == []
    watchdog.opened()
    watchdog.begin("afterwards")
    watchdog.end()
    assert [round(each) for each in reports] == [20]
