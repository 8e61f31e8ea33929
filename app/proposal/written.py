"""A proposal in words, for a terminal."""

from collections.abc import Iterator

from app.proposal.pieces import NewProvider, ProposedTier
from app.proposal.proposal import Proposal
from app.table import table
from proxy.providers.entrance import shown
from proxy.providers.provider import Provider


def in_words(proposal: Proposal) -> str:
    return "\n".join(_lines(proposal)).rstrip()


def _lines(proposal: Proposal) -> Iterator[str]:
    if proposal.advice:
        yield from (proposal.advice, "")
    if proposal.providers:
        yield "Providers to add"
        yield from (f"  {line}" for line in table(map(_provider, proposal.providers), names=3))
        yield ""
    if proposal.is_new:
        for tier in proposal.tiers:
            yield from _tier(tier)
    if proposal.left_out:
        yield "Left out"
        yield from (f"  {each.what}: {each.why}" for each in proposal.left_out)


def _provider(new: NewProvider) -> tuple[str, str, str]:
    key = "no key" if new.key is None else f"key: {new.key.where}{_goes_to(new)}"
    return new.name, f"{new.label} at {shown(Provider(new.name, new.config).base)}", key


def _goes_to(new: NewProvider) -> str:
    return ", into the keyring" if new.to_store is not None else ", which stays there"


def _tier(tier: ProposedTier) -> Iterator[str]:
    yield tier.name
    if tier.note:
        yield f"  {tier.note}"
    if not tier.choices:
        yield "  nothing; its traffic goes to another tier"
    rows = [("" if each.is_there else "+", each.service.name, each.why) for each in tier.choices]
    yield from (f"  {line}" for line in (table(rows, names=3) if rows else ()))
    yield ""
