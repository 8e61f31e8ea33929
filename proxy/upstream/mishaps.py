"""What goes wrong between us and a provider, as failures whose sentences say what to do."""

import os
import time

import aiohttp

from proxy.exchange import Attempt
from proxy.upstream.call import Call
from proxy.upstream.deadline import Deadline
from proxy.upstream.patience import Limit, Patience
from proxy.wire.failure import Failure, FailureKind

_STOPPING = "Tierwise is stopping; send the request again when it is back."


class TooLateError(Failure):
    """A time-out that says nothing about the provider: it had been given little time."""


def stopping() -> Failure:
    return Failure(FailureKind.STOPPING, _STOPPING)


def gave_up(call: Call, patience: Patience, deadline: Deadline, asked: float) -> Failure:
    """`asked` is when, on the clock of `time.monotonic`."""
    if patience.interrupted:
        return stopping()
    if patience.limit is Limit.DEADLINE:
        sentence = f"The provider {call.service.provider} {patience.limit} {deadline.called} were over."
        if time.monotonic() - asked < deadline.seconds / 2:
            return TooLateError(FailureKind.TIMEOUT, sentence)
        return Failure(FailureKind.TIMEOUT, sentence)
    waited = f"within {patience.seconds:g} seconds"
    return Failure(FailureKind.TIMEOUT, f"The provider {call.service.provider} {patience.limit} {waited}.")


def not_ready(provider: str, deadline: Deadline) -> Failure:
    return Failure(
        FailureKind.TIMEOUT,
        f"The provider {provider} could not be asked: its key or credentials were not there when "
        f"{deadline.called} were over.",
    )


def no_seat(call: Call) -> Failure:
    provider = call.service.provider
    where = (
        f"`max_concurrency` under [providers.{provider}] in config.toml says how many there are."
        if call.config.max_concurrency
        else "its server works on no more requests at a time."
    )
    return Failure(
        FailureKind.NO_SERVICE, f"All {call.limit} places at the provider {provider} stayed taken; {where}"
    )


def leads_back(provider: str) -> Failure:
    return Failure(
        FailureKind.NO_SERVICE,
        f"The address of the provider {provider} is Tierwise itself, so nothing is sent there. "
        f"Set `base_url` under [providers.{provider}] in config.toml to the vendor's or the server's own.",
    )


def no_connection(call: Call) -> Failure:
    return Failure(
        FailureKind.TIMEOUT,
        f"The provider {call.service.provider} cannot be reached at {call.shown_url} "
        f"within {call.config.timeouts.connect:g} seconds.",
    )


def broken(call: Call, attempt: Attempt, error: Exception) -> Failure:
    kind = FailureKind.CONNECTION if attempt.status is None else FailureKind.BROKEN_OFF
    return Failure(kind, _why(call, attempt, error))


def _why(call: Call, attempt: Attempt, error: Exception) -> str:
    """Only what is known to be harmless is repeated: errors quote addresses, which may carry passwords."""
    provider = call.service.provider
    if attempt.status is not None:
        return f"The provider {provider} broke off in the middle of its answer."
    match error:
        case aiohttp.ClientConnectorCertificateError():
            return (
                f"The certificate of the provider {provider} at {call.shown_url} is not trusted: "
                f"{error.certificate_error}."
            )
        case aiohttp.ClientProxyConnectionError():
            return f"The proxy on the way to the provider {provider} cannot be reached. Check its `proxy`."
        case aiohttp.ClientConnectorError():
            why = os.strerror(error.os_error.errno) if error.os_error.errno else str(error.os_error)
            return f"The provider {provider} cannot be reached at {call.shown_url}: {why}."
        case aiohttp.InvalidURL():
            return f"The address of the provider {provider} is not one that can be asked: {call.shown_url}."
        case _:
            return f"The provider {provider} closed the connection without an answer."
