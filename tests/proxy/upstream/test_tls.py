"""Whose certificates are believed."""

import ssl
import threading
from pathlib import Path

import pytest

from proxy.upstream.tls import trust
from proxy.wire.failure import Failure, FailureKind
from tests.fakes.authority import Authority


async def test_a_file_is_trusted_instead_of_the_system(tmp_path: Path) -> None:
    context = await trust("p", str(Authority(tmp_path).file))
    assert [entry["subject"] for entry in context.get_ca_certs()] == [
        ((("commonName", "Authority of the tests"),),)
    ]


@pytest.mark.parametrize("with_file", [True, False])
async def test_certificates_and_names_are_always_checked(tmp_path: Path, with_file: bool) -> None:
    context = await trust("p", str(Authority(tmp_path).file) if with_file else "")
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED


@pytest.mark.parametrize("with_file", [True, False])
async def test_certificates_are_not_read_on_the_loop(
    tmp_path: Path, with_file: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = str(Authority(tmp_path).file) if with_file else ""
    readers: list[int] = []
    read = ssl.SSLContext.__new__

    def watched(cls: type[ssl.SSLContext], *args: int) -> ssl.SSLContext:
        readers.append(threading.get_ident())
        return read(cls, *args)

    monkeypatch.setattr(ssl.SSLContext, "__new__", watched)
    await trust("p", file)
    assert readers
    assert threading.get_ident() not in readers


async def test_a_home_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = Authority(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    context = await trust("p", f"~/{authority.file.name}")
    assert len(context.get_ca_certs()) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no certificate",
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        b"\x30\x82\x01\x00",
    ],
    ids=["empty", "text", "broken", "binary"],
)
async def test_a_file_without_certificates_is_named(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "company.pem"
    file.write_bytes(content)
    with pytest.raises(Failure) as raised:
        await trust("work", str(file))
    assert raised.value.kind is FailureKind.NO_SERVICE
    assert "provider work" in raised.value.sentence
    assert str(file) in raised.value.sentence
    assert "PEM" in raised.value.sentence


@pytest.mark.parametrize("name", ["missing.pem", ".", "nul\0byte", "~nobody-of-that-name/ca.pem"])
async def test_a_file_that_cannot_be_read_is_named_with_the_key_to_change(tmp_path: Path, name: str) -> None:
    file = name if name.startswith("~") else str(tmp_path / name)
    with pytest.raises(Failure) as raised:
        await trust("work", file)
    assert raised.value.kind is FailureKind.NO_SERVICE
    assert file in raised.value.sentence
    assert "[providers.work]" in raised.value.sentence
