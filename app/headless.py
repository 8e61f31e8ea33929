"""The gateway and the demo without a face: a ready line on stdout, then service until somebody ends it.

Who reads the ready line may go away before or after it: that is no wish to end. Clients find the gateway
without it, a journal that is restarted takes its end of the pipe with it, and a supervisor that wants the
end says so by a signal.
"""

import asyncio
import json
import os
import stat
from collections.abc import Callable, Mapping

from app import speech
from app.application import Application, Options
from app.commands.context import Context
from app.crashes import Crashes
from app.demo import Demo
from app.ending import End
from app.instance import InstanceLock
from app.lasting import what_is_here_lasts
from app.logs import Logs
from app.program_name import program_name
from app.running import Running, Stoppable, heeding_signals

_STDOUT, _STDERR = 1, 2


def serve(context: Context, end: End) -> int:
    context.home.prepare()
    logs = context.home.logs
    with InstanceLock(context.home) as lock, Logs(logs, context.log_level), Crashes(logs):
        application = Application(context.home, lock, Options(context.port), context.environ)

        def on_ready() -> None:
            _print_ready(application, context)
            if not application.has_providers:
                context.tell(nothing_configured())

        asyncio.run(_until_the_end(application, end, on_ready, context))
    return 0


def demo(context: Context, end: End) -> int:
    context.home.demo.prepare()
    with Logs(context.home.demo.logs, context.log_level):
        demo = Demo(context.home, context.environ, context.port)

        def on_ready() -> None:
            _print_ready(demo.application, context)
            if _may_show_tokens(context, _STDERR):
                context.tell(_how_to_try(demo))

        asyncio.run(_until_the_end(demo, end, on_ready, context))
    return 0


async def _until_the_end(
    program: Stoppable, end: End, on_ready: Callable[[], None], context: Context
) -> None:
    with heeding_signals(end):
        async with Running(program, end):
            on_ready()
            what_is_here_lasts()
            if not context.smoke:
                await end.wished()


def _print_ready(application: Application, context: Context) -> None:
    line = {"event": "ready", "url": application.gateway.url}
    if _may_show_tokens(context, _STDOUT):
        line["token"] = application.client_token().reveal()
        line["admin_token"] = application.admin_token().reveal()
    speech.answer(json.dumps(line))


def _may_show_tokens(context: Context, output: int) -> bool:
    """A journal keeps what it is told, and others may read it."""
    return context.ready_token and not _is_journal(output, context.environ)


def _is_journal(output: int, environ: Mapping[str, str]) -> bool:
    """systemd names the socket it connected to our output; redirected output is no longer that socket."""
    named = environ.get("JOURNAL_STREAM", "")
    try:
        out = os.fstat(output)
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
        f"`{name} tiers propose` proposes what this machine has, `{name} providers add` adds one by hand, "
        f"and `{name} demo` shows Tierwise at work without any."
    )
