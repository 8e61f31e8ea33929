"""A removed provider comes back as it stood there, and nothing that was written since is lost."""

from pathlib import Path

import pytest

from app.errors import UserError
from app.home import Home
from app.providers.coming_back import come_back, table_of
from app.settings import SettingsFile

CONFIG = b"""\xef\xbb\xbf# mine\r
[providers.first]  # the first\r
kind = "anthropic"\r
# its key\r
key = "env:A"\r
\r
[providers.second]\r
kind = "openai"\r
[tiers.SIMPLE]\r
services = ["first/claude"]\r
"""


@pytest.fixture
def file(tmp_path: Path) -> SettingsFile:
    home = Home(tmp_path)
    home.prepare()
    home.config.write_bytes(CONFIG)
    return SettingsFile(home)


def test_where_nobody_wrote_since_the_file_is_the_same_byte_for_byte(file: SettingsFile) -> None:
    table = table_of("first", file)
    assert table is not None
    file.unset(("providers", "first"))
    assert b"first/claude" in file.path.read_bytes()
    come_back("first", table, file)
    assert file.path.read_bytes() == CONFIG


def test_what_was_written_since_stays_and_the_provider_is_there_again(file: SettingsFile) -> None:
    table = table_of("first", file)
    assert table is not None
    file.unset(("providers", "first"))
    file.set(("providers", "third", "kind"), "ollama")
    come_back("first", table, file)
    assert file.path.read_bytes().startswith(CONFIG[: CONFIG.index(b"\r\n[providers.second]")])
    providers = file.load().settings.providers
    assert set(providers) == {"first", "second", "third"}
    assert providers["first"].key_forms == ("env:A",)


def test_one_of_the_same_name_that_was_made_since_is_not_overwritten(file: SettingsFile) -> None:
    table = table_of("first", file)
    assert table is not None
    file.unset(("providers", "first"))
    file.set(("providers", "first"), {"kind": "openai", "key": "env:B"})
    before = file.path.read_bytes()
    with pytest.raises(UserError, match="another provider first"):
        come_back("first", table, file)
    assert file.path.read_bytes() == before


def test_of_one_that_is_not_there_nothing_can_come_back(file: SettingsFile) -> None:
    assert table_of("nobody", file) is None
