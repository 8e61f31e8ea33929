"""Where Amazon's models are asked when nobody says it outright."""

import os
from pathlib import Path

import pytest

from proxy.config import ProviderConfig
from proxy.providers.aws_region import aws_region

PROFILES = """
[default]
region = us-west-2
[profile work]
region = eu-central-1
[profile bare]
output = json
"""


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def profiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "config"
    file.write_text(PROFILES)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(file))
    return file


def region(**table: str) -> str:
    return aws_region(ProviderConfig(kind="bedrock", **table))  # type: ignore[arg-type]  # the cases name texts only


def test_the_configured_one_comes_first(monkeypatch: pytest.MonkeyPatch, profiles: Path) -> None:
    monkeypatch.setenv("AWS_REGION", "ap-south-1")
    assert (
        region(region="eu-west-3", base_url="https://bedrock-runtime.us-east-1.amazonaws.com") == "eu-west-3"
    )


@pytest.mark.parametrize(
    ("base_url", "told"),
    [
        ("https://bedrock-runtime.eu-west-1.amazonaws.com", "eu-west-1"),
        ("https://bedrock-runtime-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1"),
        ("https://vpce-1-2.bedrock-runtime.ap-southeast-2.vpce.amazonaws.com", "ap-southeast-2"),
        ("https://bedrock.example.com", ""),
        ("http://127.0.0.1:9", ""),
    ],
)
def test_an_address_may_say_it(base_url: str, told: str) -> None:
    assert region(base_url=base_url) == told


def test_the_environment_says_it_before_the_usual_profile(
    monkeypatch: pytest.MonkeyPatch, profiles: Path
) -> None:
    assert region() == "us-west-2"
    monkeypatch.setenv("AWS_DEFAULT_REGION", "sa-east-1")
    assert region() == "sa-east-1"
    monkeypatch.setenv("AWS_REGION", "ap-south-1")
    assert region() == "ap-south-1"


def test_a_configured_profile_says_it_before_the_environment(
    monkeypatch: pytest.MonkeyPatch, profiles: Path
) -> None:
    monkeypatch.setenv("AWS_REGION", "ap-south-1")
    assert region(aws_profile="work") == "eu-central-1"
    assert region(aws_profile="bare") == "ap-south-1"


def test_the_environment_may_name_the_profile(monkeypatch: pytest.MonkeyPatch, profiles: Path) -> None:
    monkeypatch.setenv("AWS_PROFILE", "work")
    assert region() == "eu-central-1"


def test_a_changed_file_is_read_again(profiles: Path) -> None:
    assert region() == "us-west-2"
    profiles.write_text("[default]\nregion = eu-north-1\n")
    os.utime(profiles, ns=(0, profiles.stat().st_mtime_ns + 1_000_000_000))
    assert region() == "eu-north-1"


@pytest.mark.parametrize("content", [b"", b"no section\n", b"\xff\xfe[", b"[default]\n"])
def test_a_file_that_says_nothing_or_cannot_be_read_names_no_region(profiles: Path, content: bytes) -> None:
    profiles.write_bytes(content)
    os.utime(profiles, ns=(0, profiles.stat().st_mtime_ns + 1_000_000_000))
    assert region() == ""


def test_no_file_is_no_obstacle(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "absent"))
    assert region() == ""
