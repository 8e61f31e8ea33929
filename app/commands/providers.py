"""`tierwise providers`: the accounts and servers that answer; listed, added, tested, switched and removed."""

import argparse
from typing import TYPE_CHECKING

from app.commands.context import Commands, Context
from app.commands.group import add_group, add_yes, keyring_of
from app.providers import trial
from proxy.config import PROVIDER_KINDS

if TYPE_CHECKING:
    from app.providers.wish import Wish

_DETAILS = {
    "region": "region of the cloud (bedrock)",
    "project": "project of the cloud (vertex)",
    "location": "location of the cloud (vertex)",
    "api_version": "version of the vendor's interface (Azure)",
}


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    add_group(
        commands,
        common,
        "providers",
        help_text="list, add, test, switch or remove providers",
        description="Lists, adds, tests, switches or removes the accounts and servers that answer.",
        actions=(
            _declare_list,
            _declare_add,
            trial.add,
            _declare_remove,
            _declare_enable,
            _declare_disable,
        ),
    )


def _declare_list(actions: Commands, common: argparse.ArgumentParser) -> None:
    parser = actions.add_parser(
        "list",
        parents=[common],
        help="show what is configured",
        description="Shows every configured provider, where its key is, and what it lacks. No key is shown.",
    )
    parser.add_argument("--presets", action="store_true", help="show what can be added instead")
    parser.set_defaults(command=_list)


def _declare_add(actions: Commands, common: argparse.ArgumentParser) -> None:
    parser = actions.add_parser(
        "add",
        parents=[common],
        help="add a provider, or a key to one",
        description="Adds a provider to config.toml, and its key to the keyring of the system. Without "
        "--kind the preset called NAME is added. Without a flag for the key it is asked for, unseen.",
    )
    parser.add_argument("name", metavar="NAME", help="what it is called in config.toml and before the models")
    made_of = parser.add_mutually_exclusive_group()
    made_of.add_argument(
        "--kind", choices=PROVIDER_KINDS, metavar="KIND", help=f"one of {', '.join(PROVIDER_KINDS)}"
    )
    made_of.add_argument("--preset", metavar="ID", help="the preset to make it of, if NAME is another one")
    parser.add_argument("--base-url", metavar="URL", help="address as the vendor documents it")
    for name, help_text in _DETAILS.items():
        parser.add_argument(f"--{name.replace('_', '-')}", metavar="TEXT", help=help_text)
    _add_key_flags(parser)
    parser.add_argument(
        "--replace",
        action="store_true",
        help="change one that is there: its key, or all of it where --kind, --preset or --base-url is given",
    )
    add_yes(parser)
    parser.set_defaults(command=_add)


def _add_key_flags(parser: argparse.ArgumentParser) -> None:
    key = parser.add_mutually_exclusive_group()
    key.add_argument(
        "--key-env", metavar="VARIABLE", help="the key is in this environment variable, and stays there"
    )
    key.add_argument("--key-stdin", action="store_true", help="read the key from stdin")
    key.add_argument("--no-key", action="store_true", help="it needs no key")
    key.add_argument(
        "--client-key",
        action="store_true",
        help="pass on the client's own credential; the vendor's terms of use may forbid that",
    )
    parser.add_argument(
        "--label", metavar="LABEL", help="what this key is called beside others, such as work"
    )


def _declare_remove(actions: Commands, common: argparse.ArgumentParser) -> None:
    parser = actions.add_parser(
        "remove",
        parents=[common],
        help="remove a provider and its keys",
        description="Removes a provider from config.toml, and its keys from the keyring of the system. Tiers "
        "and routes that name it stay as they are.",
    )
    parser.add_argument("name", metavar="NAME")
    add_yes(parser)
    parser.set_defaults(command=_remove)


def _declare_enable(actions: Commands, common: argparse.ArgumentParser) -> None:
    parser = actions.add_parser(
        "enable", parents=[common], help="use a provider again", description="Uses a provider again."
    )
    parser.add_argument("name", metavar="NAME")
    add_yes(parser)
    parser.set_defaults(command=lambda context, options: _switch(context, options, enabled=True))


def _declare_disable(actions: Commands, common: argparse.ArgumentParser) -> None:
    parser = actions.add_parser(
        "disable",
        parents=[common],
        help="leave a provider unused",
        description="Leaves a provider configured and unused.",
    )
    parser.add_argument("name", metavar="NAME")
    add_yes(parser)
    parser.set_defaults(command=lambda context, options: _switch(context, options, enabled=False))


# What does the work is imported when it is asked for: other commands start faster without it.


def _list(context: Context, options: argparse.Namespace) -> int:
    from app.providers.listing import list_presets, list_providers

    return list_presets(context) if options.presets else list_providers(context, keyring_of(context))


def _add(context: Context, options: argparse.Namespace) -> int:
    from app.providers.adding import add_provider

    return add_provider(context, _wish(options), keyring_of(context), yes=options.yes)


def _remove(context: Context, options: argparse.Namespace) -> int:
    from app.providers.removal import remove_provider

    return remove_provider(context, options.name, keyring_of(context), yes=options.yes)


def _switch(context: Context, options: argparse.Namespace, *, enabled: bool) -> int:
    from app.providers.switching import switch_provider

    return switch_provider(context, options.name, enabled=enabled, yes=options.yes)


def _wish(options: argparse.Namespace) -> "Wish":
    from app.providers.wish import KeySource, Wish

    source = {
        options.key_env is not None: KeySource.ENVIRONMENT,
        options.key_stdin: KeySource.STDIN,
        options.no_key: KeySource.NONE,
        options.client_key: KeySource.CLIENT,
    }
    return Wish(
        name=options.name,
        kind=options.kind or "",
        preset=options.preset or "",
        base_url=options.base_url or "",
        details={name: value for name in _DETAILS if (value := getattr(options, name))},
        source=source.get(True, KeySource.UNSAID),
        variable=options.key_env or "",
        label=options.label or "",
        replaces=options.replace,
    )
