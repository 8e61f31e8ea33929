"""A backup takes the place of what is there: wholly or not at all, and so that it can be undone."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from app.errors import UserError
from app.home import Home
from app.instance import InstanceLock
from app.providers.consent import DeclinedError
from app.record import restoring
from app.record.errors import InUseError, RecordError
from app.record.restoring import restore
from app.tokens.table import TokenKind, TokenRow, TokenTable
from tests.app.record.made import CONFIG, WHEN, backup_in, count, home_in, packed, rewritten, snapshot
from tests.proxy.ledger.made import exchange, write, writing

OTHER_CONFIG = "[server]\nport = 4599\n"


def agreed(_question: str) -> None:
    """The user says yes."""


def declined(_question: str) -> None:
    raise DeclinedError("Nothing was changed.")


def test_the_record_and_the_configuration_are_those_of_the_backup(tmp_path: Path) -> None:
    home = home_in(tmp_path / "home", 3)
    done = restore(home, backup_in(tmp_path / "other", 7, OTHER_CONFIG), agreed, WHEN)
    assert count(home.database) == 7
    assert home.config.read_text() == OTHER_CONFIG
    assert home.database.stat().st_mode & 0o777 == 0o600
    assert done.notes == []
    assert {file.name for file in home.root.iterdir()} == {
        "backups", "config.toml", "logs", "run", "tierwise.db",
    }  # fmt: skip


def test_it_can_be_undone(tmp_path: Path) -> None:
    home = home_in(tmp_path / "home", 3)
    done = restore(home, backup_in(tmp_path / "other", 7, OTHER_CONFIG), agreed, WHEN)
    (kept,) = done.kept
    assert kept.parent == home.backups
    assert "before-restore" in kept.name
    restore(home, kept, agreed, WHEN)
    assert count(home.database) == 3
    assert home.config.read_text() == CONFIG


def test_an_empty_home_has_nothing_to_keep(tmp_path: Path) -> None:
    home = Home(tmp_path / "new")
    done = restore(home, backup_in(tmp_path / "other", 7), agreed, WHEN)
    assert count(home.database) == 7
    assert done.kept == []


def test_a_file_that_is_not_in_the_backup_stays(tmp_path: Path) -> None:
    home = home_in(tmp_path / "home", 3)
    restore(home, backup_in(tmp_path / "other", 7, config=None), agreed, WHEN)
    assert (count(home.database), home.config.read_text()) == (7, CONFIG)
    only_config = rewritten(backup_in(tmp_path / "more", 5), tmp_path / "config.zip", tierwise_db=None)
    restore(home, only_config, agreed, WHEN)
    assert count(home.database) == 7


def test_the_user_is_told_what_is_replaced_by_what(tmp_path: Path) -> None:
    asked: list[str] = []
    restore(home_in(tmp_path / "home", 1), backup_in(tmp_path / "other", 1234), asked.append, WHEN)
    (question,) = asked
    assert "a record with 1,234 exchanges from 2026-05-2" in question
    assert f"In {tmp_path / 'home'} there is a record with 1 exchange from 2026-05-2" in question
    assert "made on 2026-11-21T" in question


def test_who_declines_keeps_everything(tmp_path: Path) -> None:
    home = home_in(tmp_path / "home")
    before = snapshot(home)
    with pytest.raises(DeclinedError):
        restore(home, backup_in(tmp_path / "other", 7), declined, WHEN)
    assert snapshot(home) == before


def broken_page(content: bytes) -> bytes:
    return content[:8192] + bytes(range(256)) * 64 + content[8192 + 256 * 64 :]


def newer(content: bytes) -> bytes:
    """The version of the tables stands at 60 in the file's header."""
    return content[:60] + (99).to_bytes(4, "big") + content[64:]


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (broken_page, "is damaged"),
        (newer, "newer Tierwise"),
        (lambda content: content[: len(content) // 2], "is damaged"),
        (lambda _: b"text that is no database " * 100, "is damaged"),
    ],
)
def test_a_record_this_program_cannot_go_on_with_is_refused(
    tmp_path: Path, spoil: Callable[[bytes], bytes], complaint: str
) -> None:
    home = home_in(tmp_path / "home")
    other = home_in(tmp_path / "other")
    backup = rewritten(
        backup_in(tmp_path / "third"),
        tmp_path / "spoilt.zip",
        tierwise_db=spoil(other.database.read_bytes()),
    )
    before = snapshot(home)
    with pytest.raises(RecordError, match=complaint):
        restore(home, backup, agreed, WHEN)
    assert snapshot(home) == before


def test_a_foreign_file_does_not_even_make_a_home(tmp_path: Path) -> None:
    file = packed(tmp_path / "foreign.zip", {"tierwise.db": b""})
    with pytest.raises(UserError, match="is no backup"):
        restore(Home(tmp_path / "home"), file, agreed, WHEN)
    assert not (tmp_path / "home").exists()


def test_a_running_one_is_not_disturbed(tmp_path: Path) -> None:
    home = home_in(tmp_path / "home")
    backup = backup_in(tmp_path / "other")
    with InstanceLock(home), pytest.raises(InUseError, match="stop`, then restore") as refused:
        restore(home, backup, agreed, WHEN)
    assert refused.value.exit_code == 1
    assert count(home.database) == 3


def test_none_can_start_before_it_is_done(tmp_path: Path) -> None:
    home = home_in(tmp_path / "home")

    def start(_question: str) -> None:
        with pytest.raises(UserError), InstanceLock(home):
            pass

    restore(home, backup_in(tmp_path / "other", 7), start, WHEN)
    with InstanceLock(home):
        assert count(home.database) == 7


def test_who_reads_the_record_is_waited_for_and_then_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restoring, "_PATIENCE_SECONDS", 0.05)
    home = home_in(tmp_path / "home")
    backup = backup_in(tmp_path / "other", 7)
    with closing(sqlite3.connect(home.database)) as reader:
        reader.execute("begin")
        reader.execute("select count(*) from exchanges").fetchone()
        with pytest.raises(InUseError, match=r"Another program has .* open"):
            restore(home, backup, agreed, WHEN)
    assert count(home.database) == 3
    assert home.config.read_text() == CONFIG


def test_what_a_killed_process_left_beside_the_record_is_not_mixed_into_the_new_one(tmp_path: Path) -> None:
    home = home_in(tmp_path / "home", 2)
    with writing(home.database) as scribe:
        write(scribe, [exchange(), exchange()])
        left = {suffix: Path(f"{home.database}{suffix}").read_bytes() for suffix in ("", "-wal", "-shm")}
    for suffix, content in left.items():
        Path(f"{home.database}{suffix}").write_bytes(content)
    done = restore(home, backup_in(tmp_path / "other", 7), agreed, WHEN)
    assert count(home.database) == 7
    assert not Path(f"{home.database}-wal").exists()
    restore(home, done.kept[0], agreed, WHEN)
    assert count(home.database) == 4


def test_a_damaged_record_is_what_one_restores_for(tmp_path: Path) -> None:
    home = home_in(tmp_path / "home")
    home.database.write_bytes(b"something else " * 1000)
    done = restore(home, backup_in(tmp_path / "other", 7), agreed, WHEN)
    assert count(home.database) == 7
    moved, configuration = done.kept
    assert "damaged" in moved.name
    assert moved.read_bytes().startswith(b"something else")
    assert configuration.suffix == ".zip"
    assert "The tokens of the backup hold now" in done.notes[0]


def row(name: str, *, revoked: bool = False) -> TokenRow:
    return TokenRow(name, "client", TokenKind.CLIENT, 1, revoked)


def test_tokens_stay_as_they_are_now(tmp_path: Path) -> None:
    """A token that was revoked since the backup stays so, and one that was given since stays valid."""
    home, other = home_in(tmp_path / "home"), home_in(tmp_path / "other")
    TokenTable(other.database).load()
    TokenTable(other.database).save([row("revoked since"), row("only in the backup")])
    backup = restoring.back_up(other, None, WHEN).file
    TokenTable(home.database).load()
    TokenTable(home.database).save([row("revoked since", revoked=True), row("given since")])
    restore(home, backup, agreed, WHEN)
    valid = {each.hash for each in TokenTable(home.database).load() if not each.revoked}
    assert valid == {"only in the backup", "given since"}


class KilledError(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("step", ["_keep_what_is_there", "_clear_the_place", "write_atomically"])
def test_wherever_it_ends_the_home_works_and_what_was_there_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    home = home_in(tmp_path / "home", 3)
    backup = backup_in(tmp_path / "other", 7, OTHER_CONFIG)
    real = getattr(restoring, step)

    def killed(*arguments: object, **more: object) -> None:
        real(*arguments, **more)
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(restoring, step, killed)
        with pytest.raises(KilledError):
            restore(home, backup, agreed, WHEN)
    assert count(home.database) in (3, 7)
    assert home.config.read_text() in (CONFIG, OTHER_CONFIG)
    (kept,) = [file for file in home.backups.iterdir() if "before-restore" in file.name]
    restore(home, kept, agreed, WHEN)
    assert (count(home.database), home.config.read_text()) == (3, CONFIG)


def test_a_step_that_fails_says_where_everything_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = home_in(tmp_path / "home", 3)

    def full(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(restoring, "write_atomically", full)
    with pytest.raises(
        RecordError, match=r"No space left on device\. What was there before is kept in .*zip"
    ):
        restore(home, backup_in(tmp_path / "other", 7), agreed, WHEN)
