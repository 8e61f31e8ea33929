"""The gateway and the demo without a face: a ready line on stdout, then service until somebody ends it."""

import asyncio
import json
import os
import stat
from collections.abc import Mapping

from app.application import Application, Options
from app.commands.context import Context, print_line
from app.demo import Demo
from app.instance import InstanceLock
from app.logs import Logs
from app.program_name import program_name
from app.running import running


def serve(context: Context) -> int:
    context.home.prepare()
    with InstanceLock(context.home) as lock, Logs(context.home.logs, context.log_level):
        application = Application(context.home, lock, Options(context.port), context.environ)
        asyncio.run(_serve(application, context))
    return 0


def demo(context: Context) -> int:
    context.home.demo.prepare()
    with Logs(context.home.demo.logs, context.log_level):
        asyncio.run(_demo(Demo(context.home, context.environ, context.port), context))
    return 0


async def _serve(application: Application, context: Context) -> None:
    async with running(application):
        _print_ready(application, context)
        if not application.has_providers:
            context.tell(nothing_configured())
        if not context.smoke:
            await application.stop_requested.wait()


async def _demo(demo: Demo, context: Context) -> None:
    async with running(demo):
        _print_ready(demo.application, context)
        if _shows_tokens(context):
            context.tell(_how_to_try(demo))
        if not context.smoke:
            await demo.application.stop_requested.wait()


def _print_ready(application: Application, context: Context) -> None:
    line = {"event": "ready", "url": application.gateway.url}
    if _shows_tokens(context):
        line["token"] = application.client_token().reveal()
        line["admin_token"] = application.admin_token().reveal()
    print_line(json.dumps(line))


def _shows_tokens(context: Context) -> bool:
    """A journal keeps what it is told, and others may read it."""
    return context.ready_token and not _stdout_is_journal(context.environ)


def _stdout_is_journal(environ: Mapping[str, str]) -> bool:
    """systemd names the socket it connected to our output; redirected output is no longer that socket."""
    named = environ.get("JOURNAL_STREAM", "")
    try:
        out = os.fstat(1)
    except OSError:
        return False
    return stat.S_ISSOCK(out.st_mode) and named == f"{out.st_dev}:{out.st_ino}"


def _how_to_try(demo: Demo) -> str:
    url, token = demo.application.gateway.url, demo.application.client_token().reveal()
    return (
        f"\nThe demo listens at {url}. Its answers are made up by a pretended provider on this machine.\n"
        "Point any Anthropic or OpenAI client at it, for example:\n\n"
        f"  curl -N {url}/v1/messages -H 'x-api-key: {token}' -H 'content-type: application/json' \\\n"
        '    -d \'{"model": "auto", "max_tokens": 100, "stream": true, '
        '"messages": [{"role": "user", "content": "Hello"}]}\'\n\n'
        f"  ANTHROPIC_BASE_URL={url} ANTHROPIC_AUTH_TOKEN={token} claude\n\n"
        "Ctrl+C ends it.\n"
    )


def nothing_configured() -> str:
    name = program_name()
    return (
        "No provider is configured yet, so there is nobody to pass requests to. "
        f"`{name} demo` shows Tierwise at work without one; `{name} config path` tells where to add yours."
    )
