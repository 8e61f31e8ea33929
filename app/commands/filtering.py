"""The flags that narrow what commands tell of the record."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from proxy.ledger.queries.usage import Filters

_FLAGS = {
    "--provider": "only what this provider served",
    "--model": "only what this model served",
    "--tier": "only this tier; `none`: without one",
    "--client": "only this client's requests",
}


def add_filters(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("narrowed to")
    for flag, help_text in _FLAGS.items():
        group.add_argument(flag, metavar="NAME", default="", help=help_text)
    group.add_argument(
        "--origin",
        choices=("client", "demo", "probe", "test"),
        default="client",
        help="why the requests were made (default: client, which alone counts anywhere else)",
    )


def filters_of(options: argparse.Namespace) -> "Filters":
    from proxy.ledger.queries.usage import Filters

    tier = options.tier
    return Filters(
        origin=options.origin,
        client=options.client,
        provider=options.provider,
        model=options.model,
        tier=tier if tier.lower() == "none" else tier.upper(),
    )
