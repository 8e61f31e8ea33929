"""Who signed what: remembered by digest, bounded, and found again in a request."""

from proxy.upstream.issued import Issued

SIGNATURE = "EqQBCkYIBxgCKkBsignature=="
OTHER = "another-signature-of-thoughts"


def thinking(signature: str) -> bytes:
    return b'{"messages":[{"content":[{"type":"thinking","signature": "%s"}]}]}' % signature.encode()


def test_what_one_provider_signed_is_foreign_to_all_others() -> None:
    issued = Issued()
    issued.remember("a", [SIGNATURE])
    assert issued.has_foreign(thinking(SIGNATURE), "b")
    assert not issued.has_foreign(thinking(SIGNATURE), "a")
    assert SIGNATURE in issued.by("a")
    assert SIGNATURE not in issued.by("b")
    assert 7 not in issued.by("a")


def test_what_nobody_is_known_to_have_signed_is_nobodys() -> None:
    issued = Issued()
    issued.remember("a", [OTHER])
    assert not issued.has_foreign(thinking(SIGNATURE), "b")
    assert SIGNATURE not in issued.by("a")


def test_the_sealed_thoughts_of_the_responses_format_and_redacted_ones_count_as_well() -> None:
    issued = Issued()
    issued.remember("a", ["sealed-reasoning-of-a", "redacted-thinking-of-a"])
    assert issued.has_foreign(b'{"input":[{"encrypted_content":"sealed-reasoning-of-a"}]}', "b")
    redacted = b'{"content":[{"type":"redacted_thinking","data":"redacted-thinking-of-a"}]}'
    assert issued.has_foreign(redacted, "b")


def test_the_oldest_are_forgotten_first() -> None:
    issued = Issued(most=2)
    issued.remember("a", ["first-signature-of-all", SIGNATURE])
    issued.remember("a", ["first-signature-of-all"])
    issued.remember("a", [OTHER])
    assert issued.issuer("first-signature-of-all") == "a"
    assert issued.issuer(SIGNATURE) is None
    assert issued.issuer(OTHER) == "a"
