"""`tierwise tiers`: which services a turn of each difficulty is given to; listed, set, switched, proposed."""

import argparse

from app.commands.context import Commands, Context
from app.commands.group import add_group, add_yes, keyring_of

_TIER = "SIMPLE, MEDIUM, COMPLEX or REASONING"


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    add_group(
        commands,
        common,
        "tiers",
        help_text="list, fill, switch or propose tiers",
        description="Lists, fills, switches or proposes the tiers: pools of services for turns of a "
        "difficulty.",
        actions=(_declare_list, _declare_set, _declare_enable, _declare_disable, _declare_propose),
    )


def _declare_list(actions: Commands, common: argparse.ArgumentParser) -> None:
    parser = actions.add_parser(
        "list",
        parents=[common],
        help="show what is configured",
        description="Shows every tier with its services, what keeps one of them from being asked, and where "
        "the turns of a tier go that is off or empty.",
    )
    parser.set_defaults(command=_list)


def _declare_set(actions: Commands, common: argparse.ArgumentParser) -> None:
    parser = actions.add_parser(
        "set",
        parents=[common],
        help="say which services a tier has",
        description="Makes these services the only ones of the tier, in this order. One that is there "
        "already keeps its weight and all else that config.toml says of it, but for a priority that would "
        "belie the order. A server that `detect` shows and that is not configured is added as a provider.",
    )
    parser.add_argument("tier", metavar="TIER", help=_TIER)
    parser.add_argument("services", metavar="PROVIDER/MODEL", nargs="+")
    manner = parser.add_mutually_exclusive_group()
    manner.add_argument(
        "--add", action="store_true", help="keep those that are there, and add these at the end"
    )
    manner.add_argument("--first", action="store_true", help="keep those that are there, and put these first")
    add_yes(parser)
    parser.set_defaults(command=_set)


def _declare_enable(actions: Commands, common: argparse.ArgumentParser) -> None:
    parser = actions.add_parser(
        "enable", parents=[common], help="use a tier again", description="Uses a tier again."
    )
    parser.add_argument("tier", metavar="TIER", help=_TIER)
    add_yes(parser)
    parser.set_defaults(command=lambda context, options: _switch(context, options, enabled=True))


def _declare_disable(actions: Commands, common: argparse.ArgumentParser) -> None:
    parser = actions.add_parser(
        "disable",
        parents=[common],
        help="leave a tier unused",
        description="Leaves a tier configured and unused: its turns go to the next tier above, else below.",
    )
    parser.add_argument("tier", metavar="TIER", help=_TIER)
    add_yes(parser)
    parser.set_defaults(command=lambda context, options: _switch(context, options, enabled=False))


def _declare_propose(actions: Commands, common: argparse.ArgumentParser) -> None:
    parser = actions.add_parser(
        "propose",
        parents=[common],
        help="propose tiers from what is on this machine",
        description="Looks for model servers of this machine and for keys of providers in the environment "
        "and in the settings of other clients, and proposes what to add, with reasons. Nothing that is "
        "configured is taken away. It asks before it writes; in a pipe it only shows the proposal. With "
        "--yes keys of the environment are used from there, and those in files of other clients are not.",
    )
    keys = parser.add_mutually_exclusive_group()
    keys.add_argument("--import-keys", action="store_true", help="copy all keys that are used to the keyring")
    keys.add_argument("--no-keys", action="store_true", help="use none of the keys that are found")
    keys.add_argument(
        "--undo", action="store_true", help="put config.toml back as it was before the last proposal"
    )
    add_yes(parser)
    parser.set_defaults(command=_propose)


# What does the work is imported when it is asked for: other commands start faster without it.


def _list(context: Context, _options: argparse.Namespace) -> int:
    from app.tiers.listing import list_tiers

    return list_tiers(context, keyring_of(context))


def _set(context: Context, options: argparse.Namespace) -> int:
    from app.tiers.lists import Manner
    from app.tiers.setting import set_services

    manners = {options.add: Manner.ADD, options.first: Manner.FIRST}
    manner = manners.get(True, Manner.REPLACE)
    return set_services(context, options.tier, options.services, manner, yes=options.yes)


def _switch(context: Context, options: argparse.Namespace, *, enabled: bool) -> int:
    from app.tiers.switching import switch_tier

    return switch_tier(context, options.tier, enabled=enabled, yes=options.yes)


def _propose(context: Context, options: argparse.Namespace) -> int:
    from app.tiers.asking import KeyUse
    from app.tiers.proposing import propose, undo

    if options.undo:
        return undo(context, keyring_of(context), yes=options.yes)
    uses = {
        options.yes: KeyUse.WHERE_THEY_ARE,
        options.import_keys: KeyUse.IMPORT,
        options.no_keys: KeyUse.NONE,
    }
    return propose(context, uses.get(True, KeyUse.ASK), keyring_of(context), yes=options.yes)
