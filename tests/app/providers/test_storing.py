"""Several keys into the keyring, all of them or none."""

import pytest

from app.keyring.state import KeyringUnavailableError
from app.providers.storing import NoKeyringError, stored
from proxy.secret import Secret
from tests.app.keyring.backends import MemoryBackend, keyring_on, no_keyring

SECRETS = [("provider/a", Secret("one")), ("provider/b", Secret("two"))]


def held(backend: MemoryBackend) -> dict[str, str]:
    return {name: value for (_, name), value in backend.values.items()}


def test_they_are_there_while_and_after_the_block() -> None:
    backend = MemoryBackend()
    backend.values["tierwise", "provider/a"] = "before"
    with stored(SECRETS, keyring_on(backend)):
        assert held(backend) == {"provider/a": "one", "provider/b": "two"}
    assert held(backend) == {"provider/a": "one", "provider/b": "two"}


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_if_the_block_fails_all_is_as_it_was(error: type[BaseException]) -> None:
    backend = MemoryBackend()
    backend.values["tierwise", "provider/a"] = "before"
    with pytest.raises(error), stored(SECRETS, keyring_on(backend)):
        raise error
    assert held(backend) == {"provider/a": "before"}


class FullAfterOne(MemoryBackend):
    """Takes a first key and no second one."""

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.values:
            raise OSError(28, "No space left")
        super().set_password(service, username, password)


def test_if_one_cannot_be_stored_none_is() -> None:
    backend = FullAfterOne()
    with pytest.raises(KeyringUnavailableError), stored(SECRETS, keyring_on(backend)):
        raise AssertionError
    assert held(backend) == {}


def test_without_a_keyring_the_advice_is_that_of_who_asked() -> None:
    with (
        pytest.raises(NoKeyringError, match=r"Write it down\.$"),
        stored(SECRETS, no_keyring(), "Write it down."),
    ):
        raise AssertionError


def test_where_nothing_is_to_be_stored_no_keyring_is_wanted() -> None:
    with stored([], no_keyring()):
        pass
