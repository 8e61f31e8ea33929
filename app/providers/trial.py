"""`tierwise providers test`: a few tiny requests, and in plain words what came of them.

A running Tierwise does it, so that what is tested is what serves. Where none runs this process does it
alone, and closes again.
"""

import argparse
import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import msgspec

from app.commands.context import Commands, Context
from app.errors import UserError
from app.instance import find_running
from app.remote import RefusedError, lines

_PATIENCE_SECONDS = 180.0
_MARKS = {True: "works", False: "FAILS", None: "-"}
_WIDTH = max(len(mark) for mark in _MARKS.values())


class TrialError(UserError):
    """The provider cannot be tried at all."""

    kind = "trial"


def add(actions: Commands, common: argparse.ArgumentParser) -> None:
    test = actions.add_parser(
        "test",
        parents=[common],
        help="try a provider out with tiny requests",
        description="Lists the models, asks for a streamed answer and a tool call, and tells what works. "
        "The requests are real and cost a few hundred tokens. Exit code 1: something does not work.",
    )
    test.add_argument("name", metavar="NAME", help="the provider's name in config.toml")
    test.add_argument(
        "--model", metavar="MODEL", help="try this model (default: the first that is configured)"
    )
    test.set_defaults(command=try_out)


def try_out(context: Context, options: argparse.Namespace) -> int:
    findings: list[dict[str, Any]] = []
    for finding in _findings(context, options.name, options.model):
        findings.append(finding)
        if not context.json:
            context.answer(_line(finding), finding)
    works = all(finding["ok"] is not False for finding in findings)
    if context.json:
        context.answer("", {"provider": options.name, "works": works, "steps": findings})
    return 0 if works else 1


def _line(finding: dict[str, Any]) -> str:
    seconds = finding.get("seconds")
    took = f" ({seconds:.2f} s)" if seconds is not None else ""
    return f"{finding['step']:13} {_MARKS[finding['ok']]:{_WIDTH}}  {finding['text']}{took}"


def _findings(context: Context, name: str, model: str | None) -> Iterator[dict[str, Any]]:
    running = find_running(context.home)
    if running is None:
        yield from _alone(context, name, model)
        return
    from urllib.parse import quote

    path = f"/api/providers/{quote(name, safe='')}/test" + (
        f"?model={quote(model, safe='')}" if model else ""
    )
    try:
        yield from lines(running, "POST", path, _PATIENCE_SECONDS)
    except RefusedError as error:
        raise TrialError(str(error)) from error


def _alone(context: Context, name: str, model: str | None) -> Iterator[dict[str, Any]]:
    """Step by step although it is a loop that does them: each is shown as soon as it is known."""
    with asyncio.Runner() as runner:
        steps = _steps(context, name, model)
        while (finding := runner.run(anext(steps, None))) is not None:
            yield finding


async def _steps(context: Context, name: str, model: str | None) -> AsyncIterator[dict[str, Any]]:
    from app.secrets import Secrets
    from app.settings import SettingsFile
    from proxy.server.logged import LogRecorder
    from proxy.server.trial import Trial
    from proxy.upstream.outward import Outward
    from proxy.wire.failure import Failure

    settings = await asyncio.to_thread(SettingsFile(context.home).load)
    secrets = Secrets(context.home, context.environ)
    out = Outward(settings.settings, secrets)
    trial = Trial(lambda: out.config, out.upstream, out.catalogue, LogRecorder())
    try:
        async for finding in trial.findings(name, model):
            yield msgspec.to_builtins(finding)
    except Failure as failure:
        raise TrialError(failure.sentence) from failure
    finally:
        await out.close()
        await secrets.close()
