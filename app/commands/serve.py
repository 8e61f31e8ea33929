"""`tierwise serve` and `tierwise demo`: the gateway without a face."""

import argparse

from app.commands.context import Commands, Context
from app.running import ending_on_signals


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    ready = argparse.ArgumentParser(add_help=False)
    ready.add_argument(
        "--no-ready-token",
        dest="ready_token",
        action="store_false",
        default=True,
        help="leave the tokens out of the ready line",
    )
    serve = commands.add_parser(
        "serve",
        parents=[common, ready],
        help="run the gateway without a window",
        description="Runs the gateway until SIGTERM or Ctrl+C. Once it is ready, one JSON line on stdout "
        "says where it listens; logs go to stderr and to HOME/logs.",
    )
    serve.set_defaults(command=_serve)
    demo = commands.add_parser(
        "demo",
        parents=[common, ready],
        help="try everything without a provider or a key",
        description="Starts a gateway with a pretended provider behind it, in HOME/demo. Its answers are "
        "made up and marked as such; nothing leaves this machine. Ends with Ctrl+C.",
    )
    demo.set_defaults(command=_demo)


def _serve(context: Context, _options: argparse.Namespace) -> int:
    with ending_on_signals() as end:
        from app.headless import serve

        return serve(context, end)


def _demo(context: Context, _options: argparse.Namespace) -> int:
    with ending_on_signals() as end:
        from app.headless import demo

        return demo(context, end)
