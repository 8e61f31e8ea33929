"""The credential for one entrance, and the memory of those that are dear to find."""

from functools import lru_cache
from hashlib import blake2b

from proxy.providers.credentials.aws import AwsChain, AwsCredential
from proxy.providers.credentials.credential import Credential
from proxy.providers.credentials.google import GoogleToken, is_account
from proxy.providers.credentials.static import NoCredential, StaticKey
from proxy.providers.entrance import Auth, Entrance
from proxy.providers.provider import Provider
from proxy.secret import Secret

_google: dict[bytes, GoogleToken] = {}
_MOST_ACCOUNTS = 16


async def credential(provider: Provider, entrance: Entrance, key: Secret | None) -> Credential:
    """How to prove who asks there; without a key by what the machine is signed in with, where that counts."""
    if entrance.auth is Auth.GOOGLE and (key is None or is_account(key)):
        return _google_token(key)
    if key is not None:
        return StaticKey(provider.name, entrance.auth, key)
    if entrance.auth is Auth.AWS:
        return AwsCredential(_chain(provider.config.aws_profile), entrance.region)
    return NoCredential()


@lru_cache(maxsize=16)
def _chain(profile: str) -> AwsChain:
    return AwsChain(profile)


def _google_token(account: Secret | None) -> GoogleToken:
    text = account.reveal() if account is not None else ""
    name = blake2b(text.encode(), digest_size=16).digest()
    if name not in _google:
        if len(_google) >= _MOST_ACCOUNTS:
            _google.clear()
        _google[name] = GoogleToken(account)
    return _google[name]
