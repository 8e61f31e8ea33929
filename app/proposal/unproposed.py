"""Why nothing is proposed of a provider that is configured, and what its owner can do."""

from collections.abc import Collection, Sequence
from typing import Final

from app.proposal.pieces import Findings
from app.proposal.servers import server_of
from proxy.config import Config
from proxy.local.found import LocalServer, State

_BY_HAND: Final = "name them yourself: `tiers set TIER {}/MODEL`, or Add on the page Tiers"
_OFF: Final = "it is switched off; `providers enable` switches it on"
_UNKNOWN: Final = "what its models are good for is not known here, so " + _BY_HAND
_MODELLESS: Final = {
    State.READY: "it has no model now; give it one and ask again",
    State.GONE: "it does not answer now; start it and ask again",
    State.LOADING: "it is loading a model; ask again in a moment",
    State.LOCKED: "it shows its models only to who has its key, so " + _BY_HAND,
}


def tell_unproposed(
    settings: Config, servers: Sequence[LocalServer], considered: Collection[str], findings: Findings
) -> None:
    """Of those that are not among the `considered` ones and serve in no tier already."""
    serving = {service.provider for service in settings.services}
    for name, config in settings.providers.items():
        if not config.enabled:
            findings.leave_out(name, _OFF)
        elif name not in considered and name not in serving:
            _tell(name, server_of(name, config, servers), findings)


def _tell(name: str, server: LocalServer | None, findings: Findings) -> None:
    """Of a server that has models each of them is told of where it was judged."""
    if server is None:
        findings.leave_out(name, _UNKNOWN.format(name))
    elif not server.models:
        findings.leave_out(name, _MODELLESS[server.state].format(name))
