"""What `tiers propose` says of a proposal: that it was only shown, or what was written and what is next."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from app.commands.context import Context
from app.program_name import program_name
from app.proposal.pieces import LeftOut
from app.proposal.proposal import Proposal
from app.proposal.vendors import words_of
from app.proposal.written import in_words
from app.tiers.asking import KeyUse
from app.tiers.undoing import Before
from app.tiers.writing import Outcome


def shown(context: Context, made: Proposal, words: str) -> int:
    """Without writing anything."""
    context.answer(words, {**made.as_json(), "applied": False})
    return 0


def how_to_go_on(made: Proposal, use: KeyUse) -> str:
    words = in_words(made)
    if not made.is_new:
        return words
    command = f"{program_name()} tiers propose --yes"
    if use is KeyUse.NONE:
        command = f"{command} --no-keys"
    if not made.secrets:
        return f"{words}\n\nNothing was changed. `{command}` writes it."
    return (
        f"{words}\n\nNothing was changed. `{command} --import-keys` writes it and copies all keys into the "
        "keyring; without that flag only keys of the environment are used, from there."
    )


def with_unused(made: Proposal, with_all: Proposal) -> Proposal:
    """The proposal with the keys among what was left out that would have to be copied to be used."""
    providers = {new.key.provider for new in made.providers if new.key is not None}
    unused = [
        LeftOut(words_of(new.key, new.label), "it would have to be copied; --import-keys does that")
        for new in with_all.providers
        if new.key is not None and new.key.provider not in providers
    ]
    return replace(made, left_out=(*made.left_out, *unused))


def told_as_written(context: Context, made: Proposal, outcome: Outcome, is_reloaded: bool) -> None:  # noqa: FBT001 -- told, and not a switch
    copy = Before(context.home).copy
    undo_with = f"{program_name()} tiers propose --undo" if outcome.can_undo else None
    data: dict[str, Any] = {
        **made.as_json(),
        "applied": True,
        "stored": list(outcome.stored),
        "reloaded": is_reloaded,
        "backup": str(copy),
        "undo": undo_with,
    }
    if not context.json:
        for each in made.left_out:
            context.tell(f"Left out: {each.what}: {each.why}.")
    context.answer("\n".join(_lines(made, data)), data)


def _lines(made: Proposal, data: dict[str, Any]) -> Iterator[str]:
    undo_with = data["undo"]
    back = f"`{undo_with}` puts it back" if undo_with else "it was written to by others as well"
    yield f"Written to config.toml. As it was before it is in {data['backup']}; {back}."
    variables = sorted({new.key.variable for new in made.providers if new.key is not None} - {""})
    if variables:
        yield f"Tierwise has to be started where {' and '.join(variables)} can be found in the environment."
    if data["reloaded"]:
        yield "The Tierwise that runs acts on it from now on."
