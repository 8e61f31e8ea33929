"""A provider's key as routing knows it: by its label, whatever its secret is."""

from dataclasses import dataclass, field

from proxy.secret import Secret

_CLIENTS_OWN = "client:"


@dataclass(frozen=True, slots=True)
class Key:
    """One credential of a provider. Two of the same label are the same key, also after it was renewed.

    The credential a client brings along has a label of that client, so what it meets with stays its own.
    """

    provider: str
    label: str
    secret: Secret | None = field(default=None, compare=False)
    """None where there is none to see: a local server, or credentials that the environment renews."""

    @classmethod
    def of_client(cls, provider: str, client: str, secret: Secret) -> "Key":
        return cls(provider, _CLIENTS_OWN + client, secret)

    @property
    def is_clients_own(self) -> bool:
        return is_clients_own(self.label)


def is_clients_own(label: str) -> bool:
    """Whether a key of that label is a credential that the client brought along."""
    return label.startswith(_CLIENTS_OWN)
