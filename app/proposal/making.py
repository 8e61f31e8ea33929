"""Making a proposal out of what was found: servers of this machine, keys, and what is configured already."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from app.found_keys.found_key import FoundKey
from app.proposal.local_models import Level, Machine
from app.proposal.merging import merged
from app.proposal.pieces import Choice, Findings
from app.proposal.prices import ListPrices
from app.proposal.proposal import Proposal
from app.proposal.servers import Pick, picks
from app.proposal.spreading import spread
from app.proposal.unproposed import tell_unproposed
from app.proposal.vendors import adding, vendors, words_of
from proxy.config import TIER_NAMES, Config, ServiceEntry, TierName
from proxy.local.found import LocalServer

_LEVELS: Mapping[TierName, Level] = {"SIMPLE": Level.SIMPLE, "MEDIUM": Level.MEDIUM}
"""Where a local model comes before those that cost."""

_NOTHING = (
    "No model server and no key was found on this machine. Start Ollama, LM Studio or llama.cpp, or set a "
    "variable such as ANTHROPIC_API_KEY, and ask again; `providers add NAME` takes a key by hand."
)
_NO_SERVICE = (
    "Nothing that was found is known to be good for the turns of a coding agent; what was left out says why."
)
_ALL_OFF = "All tiers are switched off, and stay as they are; `tiers enable` switches one on."
_ONLY_ROUTES = (
    "What is configured serves routes only; `tiers set TIER PROVIDER/MODEL` lets it serve a tier, too."
)
_NOTHING_NEW = "The tiers hold all that was found and is good for them."


def proposal(
    servers: Sequence[LocalServer],
    keys: Sequence[FoundKey],
    settings: Config,
    prices: ListPrices,
    *,
    memory: int | None = None,
    speeds: Mapping[str, float] | None = None,
) -> Proposal:
    """What to add to these settings. `memory` are the bytes of this machine, `speeds` what services were
    seen to write, in tokens a second."""
    findings = Findings()
    machine = Machine(memory=memory, room=settings.local.context, speeds=speeds or {})
    local = picks(servers, settings, findings, machine)
    picked = {pick.provider for pick in local}
    known = vendors(keys, settings, prices, findings, picked)
    tell_unproposed(settings, servers, picked | {vendor.name for vendor in known}, findings)
    hosted = spread(known)
    tiers = tuple(merged(settings, tier, _wanted(settings, tier, local, hosted)) for tier in TIER_NAMES)
    named = {choice.service.provider for tier in tiers for choice in tier.choices if not choice.is_there}
    findings.providers[:0] = [pick.new for pick in local if pick.new is not None]
    _tell_unused(local, named, findings)
    made = Proposal(
        providers=tuple(each for each in findings.providers if each.name in named),
        tiers=tiers,
        left_out=tuple(findings.left_out),
    )
    return (
        made if made.is_new else Proposal(tiers=tiers, left_out=made.left_out, advice=_advice(made, settings))
    )


def _advice(made: Proposal, settings: Config) -> str:
    if any(tier.choices for tier in made.tiers):
        return _NOTHING_NEW
    if not made.left_out and not settings.providers:
        return _NOTHING
    if not any(settings.tier(tier).enabled for tier in TIER_NAMES):
        return _ALL_OFF
    return _NO_SERVICE if made.left_out else _ONLY_ROUTES


def _wanted(
    settings: Config,
    tier: TierName,
    local: Sequence[Pick],
    hosted: Mapping[TierName, Sequence[Choice]],
) -> list[Choice]:
    """Local models where they are good enough, then those that cost; without these the best local ones."""
    level = _LEVELS.get(tier)
    fit = [pick for pick in local if level is not None and pick.judged.level >= level]
    if hosted:
        return [*(_choice(pick, settings) for pick in _smallest_first(fit)), *hosted[tier]]
    best = max((pick.judged.level for pick in local), default=Level.SPARE)
    return [
        _choice(pick, settings, "" if pick in fit else "; nothing stronger can be asked")
        for pick in _smallest_first(fit or [pick for pick in local if pick.judged.level == best])
    ]


def _smallest_first(chosen: Sequence[Pick]) -> list[Pick]:
    return sorted(chosen, key=lambda pick: (pick.judged.billions or 0.0, pick.provider))


def _choice(pick: Pick, settings: Config, more: str = "") -> Choice:
    """With the parameters that it has elsewhere: asked in two ways, a model may be loaded twice."""
    judged = pick.judged
    service = ServiceEntry(pick.provider, judged.model.name)
    elsewhere = next((each.params for each in settings.services if each.name == service.name), None)
    if elsewhere is not None:
        service = replace(service, params=elsewhere)
    return Choice(service=service, why=judged.why + more, is_local=True, cost=0.0)


def _tell_unused(local: Sequence[Pick], named: set[str], findings: Findings) -> None:
    """Whoever is neither asked already nor proposed is told of."""
    for new in findings.providers:
        if new.key is not None and new.name not in named:
            findings.leave_out(
                words_of(new.key, new.label),
                f"no tier needs it now; `{adding(new.key)}` adds it nevertheless",
            )
    for pick in local:
        if pick.new is not None and pick.provider not in named:
            findings.leave_out(
                f"{pick.provider}/{pick.judged.model.name}",
                pick.judged.doubt
                or f"too small, or too little is known of it, where others are there ({pick.judged.why})",
            )
