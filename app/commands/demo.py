"""`tierwise demo`: Tierwise at work with a pretended provider, in a home of its own."""

import argparse
import asyncio

from app.commands.context import Context
from app.commands.serve import add_port, print_ready
from app.demo import Demo
from app.logs import Logs
from app.running import running


def add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser
) -> None:
    parser = commands.add_parser(
        "demo",
        parents=[common],
        help="try everything without a provider or a key",
        description="Starts a gateway with a pretended provider behind it, in HOME/demo. Its answers are made "
        "up and marked as such; nothing leaves this machine. Ends with Ctrl+C.",
    )
    add_port(parser)
    parser.add_argument(
        "--no-ready-token",
        dest="ready_token",
        action="store_false",
        default=True,
        help="leave the tokens out of the ready line",
    )
    parser.set_defaults(command=lambda context, _options: run_demo(context))


def run_demo(context: Context) -> int:
    context.home.demo.prepare()
    with Logs(context.home.demo.logs, context.log_level):
        asyncio.run(_run(Demo(context.home, context.environ, context.port), context))
    return 0


async def _run(demo: Demo, context: Context) -> None:
    async with running(demo):
        print_ready(demo.application, context)
        if context.ready_token:
            context.tell(_how_to_try(demo))
        if not context.smoke:
            await demo.application.stop_requested.wait()


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
