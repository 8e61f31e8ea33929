"""`tierwise explain`: where a request would go, and why."""

import argparse
from typing import Any

from app.commands.context import Commands, Context
from app.instance import NotRunningError, find_running

_SURFACES = ("messages", "chat", "responses", "gemini", "embeddings")
_ALONE = "Tierwise is not running, so health, keys in the keyring, pins and spending are not considered."


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    explain = commands.add_parser(
        "explain",
        parents=[common],
        help="tell where a request would go, and why",
        description="Tells where a request would go now, and why. Nothing is sent, and nothing changes. FILE "
        "holds the body of a request, or an object with `body` and what else is known of it: `surface`, "
        "`client`, `profile`, `model`, `headers`. Exit code 1: nobody could serve it.",
    )
    explain.add_argument(
        "file", metavar="FILE", nargs="?", help="the request as JSON; - reads what is piped in"
    )
    explain.add_argument("--client", metavar="NAME", help="as if this client asked")
    explain.add_argument(
        "--surface", choices=_SURFACES, help="the API it is for; otherwise the body's shape tells"
    )
    explain.add_argument(
        "--header",
        metavar="NAME:VALUE",
        action="append",
        default=[],
        help="a header that it carries; may stand several times",
    )
    explain.add_argument("--id", metavar="ID", help="a recent request, as x-tierwise-request-id names it")
    explain.set_defaults(command=explain_request)


def explain_request(context: Context, options: argparse.Namespace) -> int:
    from app.explain.asking import Flags, question
    from app.explain.page import page_of

    flags = Flags(options.client, options.surface, tuple(options.header), options.id)
    asked = question(options.file, flags)
    decision, refusal = _explained(context, asked)
    if context.json and refusal:
        error = {"type": "no_service", "message": refusal}
        context.answer("", {"error": error, "decision": decision})
    else:
        context.answer(page_of(decision), decision)
    if refusal and not context.json:
        context.tell(f"tierwise: {refusal}")
    return 1 if refusal else 0


def _explained(context: Context, asked: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The decision, and why nobody can serve it if nobody can."""
    from app.remote import RefusedError, call

    running = find_running(context.home)
    if running is None:
        return _alone(context, asked)
    try:
        return call(running, "POST", "/api/explain", asked), ""
    except RefusedError as error:
        decision = error.answer.get("decision")
        if not isinstance(decision, dict):
            raise
        return decision, str(error)


def _alone(context: Context, asked: dict[str, Any]) -> tuple[dict[str, Any], str]:
    if "id" in asked:
        raise NotRunningError("Tierwise is not running, and only then knows recent requests.")
    from app.explain.offline import explained_offline
    from app.settings import SettingsFile

    settings = SettingsFile(context.home).load().settings
    context.tell(_ALONE)
    return explained_offline(asked, settings, context.environ)
