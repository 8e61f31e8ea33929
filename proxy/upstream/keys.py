"""Which keys a provider may be asked with for one exchange, and which of them a session stays with."""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress

from proxy.config import secret_name
from proxy.exchange import Exchange, Surface
from proxy.providers.provider import Provider
from proxy.routing.health.key import Key
from proxy.secret import Secret, SecretSource, SecretUnavailableError
from proxy.upstream.looking import PATIENCE, KnownKeys, Looks
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format

CLIENT_KEY = "client"
NO_KEY = "none"
CHAIN_KEY = "credential chain"
_MOST_SESSIONS = 5000


class Keys:
    """Asks for secrets when they are needed, and remembers which key served a session last."""

    def __init__(self, secrets: SecretSource, clock: Callable[[], float] = time.monotonic) -> None:
        self._secrets = secrets
        self._clock = clock
        self._of_session: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._known: dict[str, KnownKeys] = {}
        self._looks = Looks(self._look)

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
        if CLIENT_KEY not in provider.config.key_forms:
            forms = provider.config.key_forms
            self._known[provider.name] = KnownKeys(found, " ".join(missing), self._clock(), forms)
        if not found:
            raise Failure(FailureKind.NO_SERVICE, " ".join(missing))
        return _only(exchange.key, found) if exchange.key else self._stable(found, exchange.session)

    def known(self, provider: str) -> KnownKeys | None:
        """What was found when they were last looked for; None: nobody has, so nothing can be said."""
        return self._known.get(provider)

    async def close(self) -> None:
        await self._looks.close()

    async def look(self, provider: Provider) -> None:
        """Find out which keys there are, unless it is certain."""
        known = self._known.get(provider.name)
        is_missing = known is not None and not known.keys
        if is_missing or self._is_due(provider):
            await self._looks.wait([provider])

    async def look_again(self, providers: Iterable[Provider]) -> None:
        """Whatever is known, for who can only be helped by another key; a slow keyring is not waited for."""
        await self._looks.wait(providers, PATIENCE)

    def look_soon(self, providers: Iterable[Provider]) -> None:
        """Beside what goes on, where it has been known for so long that it may be otherwise now."""
        for provider in providers:
            if self._is_due(provider):
                self._looks.begin(provider)

    def _is_due(self, provider: Provider) -> bool:
        if CLIENT_KEY in provider.config.key_forms:
            return False
        known = self._known.get(provider.name)
        return known is None or known.is_doubtful(provider, self._clock())

    async def _look(self, provider: Provider) -> None:
        if CLIENT_KEY not in provider.config.key_forms:
            with suppress(Failure):
                await self.of(provider, Exchange("", Surface.CHAT, "tierwise", None, Format.OPENAI_CHAT))

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
