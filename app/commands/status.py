"""`tierwise status` and `tierwise stop`: what runs in this home, and its end."""

import argparse
import time
from collections.abc import Mapping, Sequence
from typing import Any

from app.commands.context import Commands, Context
from app.commands.switched import switched
from app.errors import UserError
from app.home import Home
from app.instance import Instance, find_running, is_locked
from app.program_name import program_name
from app.record.amounts import dollars, requests
from app.remote import RefusedError, call

_PATIENCE_SECONDS = 10.0
_LOOK_SECONDS = 0.05
_TOLD_OF_SERVERS = ("name", "kind", "url", "state", "configured")


class StillRunningError(UserError):
    """It was told to stop, and did not."""

    kind = "still_running"


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    status = commands.add_parser(
        "status",
        parents=[common],
        help="tell what runs",
        description="Tells what runs. Exit code 1: nothing.",
    )
    status.set_defaults(command=lambda context, _options: show_status(context))
    stop = commands.add_parser(
        "stop",
        parents=[common],
        help="end what runs",
        description="Ends the running Tierwise and waits until it is gone. Nothing running is fine, too.",
    )
    stop.add_argument("--demo", action="store_true", help="end the demo instead")
    stop.set_defaults(command=stop_running)


def show_status(context: Context) -> int:
    running, demo = find_running(context.home), find_running(context.home.demo)
    if running is None:
        starting = is_locked(context.home)
        text = "Tierwise is starting or stopping." if starting else "Tierwise is not running."
        context.answer(
            text + _demo_line(demo), {"running": False, "starting": starting, "demo": _brief(demo)}
        )
        return 1
    health = call(running, "GET", "/api/health")
    overview = call(running, "GET", "/api/overview")
    local = _local(running)
    context.answer(
        "\n".join([_running(running, health), *_about(overview), *_near(local)]) + _demo_line(demo),
        {
            "running": True,
            **(_brief(running) or {}),
            "uptime_seconds": health["uptime_seconds"],
            "open_requests": health["open_requests"],
            "home": str(context.home.root),
            "routing": overview["routing"],
            "today": overview["today"],
            "ledger": overview["ledger"],
            "warnings": overview["providerWarnings"],
            "budgets": overview["budgets"],
            "keep_bodies_days": overview["keep_bodies_days"],
            "local_servers": [{name: each[name] for name in _TOLD_OF_SERVERS} for each in local],
            "demo": _brief(demo),
        },
    )
    return 0


def stop_running(context: Context, options: argparse.Namespace) -> int:
    home = context.home.demo if options.demo else context.home
    what = "The demo" if options.demo else "Tierwise"
    running = find_running(home)
    if running is None:
        if is_locked(home):
            raise StillRunningError(
                f"{what} is just starting or stopping in {home.root}. Try again in a moment."
            )
        demo = None if options.demo else find_running(context.home.demo)
        hint = f"{_demo_line(demo)} `{program_name()} stop --demo` ends it." if demo is not None else ""
        context.answer(f"{what} is not running.{hint}", {"stopped": False, "running": False})
        return 0
    call(running, "POST", "/api/stop")
    _wait_until_gone(home, running)
    context.answer(f"{what} has stopped.", {"stopped": True, "running": False, "pid": running.pid})
    return 0


def _wait_until_gone(home: Home, running: Instance) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while is_locked(home):
        if time.monotonic() > deadline:
            raise StillRunningError(
                f"Process {running.pid} was told to stop, and still runs after {_PATIENCE_SECONDS:g} seconds."
            )
        time.sleep(_LOOK_SECONDS)


def _running(running: Instance, health: Mapping[str, Any]) -> str:
    return (
        f"Tierwise {running.version} runs at {running.url} (process {running.pid}), "
        f"for {_duration(health['uptime_seconds'])}, with {health['open_requests']} open requests."
    )


def _about(overview: Mapping[str, Any]) -> list[str]:
    """What was done today, and what the user should know."""
    today, ledger, days = overview["today"], overview["ledger"], overview["keep_bodies_days"]
    lines = [] if ledger["problem"] and "error" in today else [_today(today)]
    lines += switched(overview["routing"])
    lines += [told for told in (ledger["problem"], ledger["notice"]) if told]
    if ledger["dropped"]:
        lines.append(f"{ledger['dropped']:,} requests could not be recorded.")
    lines += [each["missing"] for each in overview["providerWarnings"]]
    if told := overview["budgets"].get("sentence"):
        lines.append(told)
    if days:
        lines.append(f"Prompts and answers are kept for {days} days, because `keep_bodies_days` says so.")
    return lines


def _local(running: Instance) -> Sequence[Mapping[str, Any]]:
    """The model servers that it knows; none where it does not look for any."""
    try:
        servers: Sequence[Mapping[str, Any]] = call(running, "GET", "/api/local")["servers"]
    except RefusedError:  # it is of an older version
        return ()
    return servers


def _near(servers: Sequence[Mapping[str, Any]]) -> list[str]:
    away = [each["label"] for each in servers if each["state"] == "gone"]
    there = [each["label"] for each in servers if each["state"] != "gone"]
    how_many = "1 model server runs" if len(there) == 1 else f"{len(there)} model servers run"
    running = f"{how_many} on this machine: {', '.join(there)}." if there else ""
    missing = f"No answer from {', '.join(away)} on this machine." if away else ""
    told = " ".join(filter(None, (running, missing)))
    return [told] if told else []


def _today(today: Mapping[str, Any]) -> str:
    if "error" in today:
        return f"What was done today cannot be told: {today['detail']}"
    return (
        f"Today: {requests(today['requests'])}, {dollars(today['cost_usd'])} spent, "
        f"{dollars(today['saved_usd'])} saved."
    )


def _brief(instance: Instance | None) -> dict[str, object] | None:
    if instance is None:
        return None
    return {
        "pid": instance.pid,
        "url": instance.url,
        "version": instance.version,
        "window": instance.has_window,
    }


def _demo_line(demo: Instance | None) -> str:
    return f"\nThe demo runs at {demo.url} (process {demo.pid})." if demo is not None else ""


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s" if minutes else f"{rest} s"
