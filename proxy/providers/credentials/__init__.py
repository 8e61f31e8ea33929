"""How a request proves who sends it: a key in a header, a signature, or a token that is renewed."""

from proxy.providers.credentials.choice import credential
from proxy.providers.credentials.credential import Credential

__all__ = ["Credential", "credential"]
