"""Which keys a provider may be asked with for one exchange, and which of them a session stays with."""

from collections import OrderedDict
from collections.abc import Sequence

from proxy.config import secret_name
from proxy.exchange import Exchange
from proxy.providers.provider import Provider
from proxy.routing.health.key import Key
from proxy.secret import Secret, SecretSource, SecretUnavailableError
from proxy.wire.failure import Failure, FailureKind

CLIENT_KEY = "client"
NO_KEY = "none"
CHAIN_KEY = "credential chain"
_MOST_SESSIONS = 5000


class Keys:
    """Asks for secrets when they are needed, and remembers which key served a session last."""

    def __init__(self, secrets: SecretSource) -> None:
        self._secrets = secrets
        self._of_session: OrderedDict[tuple[str, str], str] = OrderedDict()

    async def of(self, provider: Provider, exchange: Exchange) -> list[Key]:
        """The keys in the order they are tried; a Failure says why there is none."""
        found: list[Key] = []
        missing: list[str] = []
        for form in provider.config.key_forms:
            key = await self._key(provider, form, exchange, missing)
            if key is not None:
                found.append(key)
        if not found and provider.kind.has_chain:
            found.append(Key(provider.name, CHAIN_KEY, None))
        if not found:
            raise Failure(FailureKind.NO_SERVICE, " ".join(missing))
        return _only(exchange.key, found) if exchange.key else self._stable(found, exchange.session)

    def served(self, key: Key, session: str | None) -> None:
        """The session stays with this key, whose prompt cache knows it."""
        if session is None:
            return
        place = (session, key.provider)
        self._of_session[place] = key.label
        self._of_session.move_to_end(place)
        if len(self._of_session) > _MOST_SESSIONS:
            self._of_session.popitem(last=False)

    def _stable(self, keys: Sequence[Key], session: str | None) -> list[Key]:
        stays = self._of_session.get((session, keys[0].provider)) if session else None
        return sorted(keys, key=lambda key: key.label != stays)

    async def _key(self, provider: Provider, form: str, exchange: Exchange, missing: list[str]) -> Key | None:
        if form == NO_KEY:
            return Key(provider.name, NO_KEY, None)
        if form == CLIENT_KEY:
            return _clients_own(provider, exchange, missing)
        name = secret_name(form, provider.name)
        if name is None:
            return None
        try:
            secret = await self._secrets.get(name)
        except SecretUnavailableError as error:
            missing.append(f"The key of {provider.name}: {error}")
            return None
        bare = secret.reveal().strip() if secret is not None else ""
        if not bare:
            missing.append(_no_key(provider.name, name))
            return None
        return Key(provider.name, form, Secret(bare))


def _only(label: str, keys: Sequence[Key]) -> list[Key]:
    """The account that knows what the request refers to; no other has ever heard of it."""
    known = [key for key in keys if key.label == label]
    if not known:
        raise Failure(
            FailureKind.BAD_REQUEST,
            f"The key of {keys[0].provider} that the previous response was asked with ({label}) is gone.",
            code="previous_response_not_found",
        )
    return known


def _clients_own(provider: Provider, exchange: Exchange, missing: list[str]) -> Key | None:
    """Only for an exchange that carries one, and only towards the vendor who issued it."""
    if not provider.takes_credential_from(exchange.format):
        missing.append(
            f'The provider {provider.name} has key = "client", but it is not the vendor\'s own host that '
            "issued what this client brings along, so nothing of it is sent there."
        )
        return None
    if exchange.credential is None:
        missing.append(
            f"The provider {provider.name} answers with the client's own credential, and this request "
            "carries none beside the token of Tierwise."
        )
        return None
    return Key.of_client(provider.name, exchange.client, exchange.credential)


def _no_key(provider: str, name: str) -> str:
    if name.startswith("env:"):
        return f"The key of {provider} is missing: the environment variable {name[4:]} is not set."
    return (
        f"The key of {provider} is missing: the keyring has no entry {name} for Tierwise. "
        f"`tierwise providers add {provider} --replace` stores one."
    )
