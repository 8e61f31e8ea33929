"""`tierwise serve`: the gateway without a face, until a signal ends it."""

import argparse
import asyncio
import json
import os
import stat
from collections.abc import Mapping

from app.application import Application, Options
from app.commands.context import Context, print_line
from app.instance import InstanceLock
from app.logs import Logs
from app.running import running


def add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser
) -> None:
    parser = commands.add_parser(
        "serve",
        parents=[common],
        help="run the gateway without a window",
        description="Runs the gateway until SIGTERM or Ctrl+C. Once it is ready, one JSON line on stdout "
        "says where it listens; logs go to stderr and to HOME/logs.",
    )
    add_port(parser)
    parser.add_argument(
        "--no-ready-token",
        dest="ready_token",
        action="store_false",
        default=True,
        help="leave the tokens out of the ready line",
    )
    parser.set_defaults(command=lambda context, _options: serve(context))


def add_port(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--port",
        type=_port,
        metavar="N",
        help="listen here instead of the configured port; 0 takes a free one",
    )


def serve(context: Context) -> int:
    context.home.prepare()
    with InstanceLock(context.home) as lock, Logs(context.home.logs, context.log_level):
        application = Application(context.home, lock, Options(context.port), context.environ)
        asyncio.run(_serve(application, context))
    return 0


async def _serve(application: Application, context: Context) -> None:
    async with running(application):
        print_ready(application, context)
        if not application.has_providers:
            context.tell(NOTHING_CONFIGURED)
        if not context.smoke:
            await application.stop_requested.wait()


NOTHING_CONFIGURED = (
    "No provider is configured yet, so there is nobody to pass requests to. "
    "`tierwise demo` shows Tierwise at work without one; `tierwise config path` tells where to add yours."
)


def print_ready(application: Application, context: Context) -> None:
    """The one line on stdout. Tokens stay out of a journal, which others may read and which keeps them."""
    line = {"event": "ready", "url": application.gateway.url}
    if context.ready_token and not _stdout_is_journal(context.environ):
        line["token"] = application.client_token().reveal()
        line["admin_token"] = application.admin_token().reveal()
    print_line(json.dumps(line))


def _stdout_is_journal(environ: Mapping[str, str]) -> bool:
    """systemd names the socket it connected to our output; redirected output is no longer that socket."""
    named = environ.get("JOURNAL_STREAM", "")
    try:
        out = os.fstat(1)
    except OSError:
        return False
    return stat.S_ISSOCK(out.st_mode) and named == f"{out.st_dev}:{out.st_ino}"


def _port(text: str) -> int:
    number = int(text) if text.isdecimal() else -1
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; 0 to 65535 are")
    return number
