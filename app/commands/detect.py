"""`tierwise detect`: the model servers of this machine, what their models can do now, and the use of one."""

import argparse

from app.commands.context import Commands, Context
from app.errors import UsageError


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    detect = commands.add_parser(
        "detect",
        parents=[common],
        help="find model servers on this machine",
        description="Looks for Ollama, LM Studio, llama.cpp and other model servers on this machine, and "
        "tells what each of their models can do now. Nothing is loaded, started or woken by that. A running "
        "Tierwise is asked; without one this command looks by itself, for a second or two.",
    )
    detect.add_argument("--watch", action="store_true", help="go on with a line for each change until Ctrl+C")
    detect.add_argument(
        "--use",
        metavar="SERVER/MODEL",
        help="let this model, which was found, serve a tier before all others; its server is configured",
    )
    detect.add_argument("--tier", metavar="TIER", help="with --use: SIMPLE, MEDIUM, COMPLEX or REASONING")
    detect.add_argument("--yes", action="store_true", help="with --use: do not ask")
    detect.set_defaults(command=_detect)


def _detect(context: Context, options: argparse.Namespace) -> int:
    if bool(options.use) != bool(options.tier):
        raise UsageError("--use and --tier belong together: a model, and the tier that it is to serve.")
    if options.use and options.watch:
        raise UsageError("--watch only looks on; --use is a call of its own.")
    if options.use:
        from app.local.taking import take_into_use

        return take_into_use(context, options.use, options.tier, yes=options.yes)
    if options.watch:
        from app.local.following import follow

        return follow(context)
    return _show(context)


def _show(context: Context) -> int:
    import sys

    import msgspec

    from app.local.here import told_here
    from app.local.page import page_of
    from app.local.waiting import said_while_waiting

    with said_while_waiting("Looking for model servers ...", sys.stderr):
        told = told_here(context)
    context.answer(page_of(told), msgspec.to_builtins(told))
    return 0
