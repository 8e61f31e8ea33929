"""The wheel: nothing but our four names in it, and a gateway that runs without Qt once it is installed."""

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.e2e.program import environment, get, program

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]

REPOSITORY = Path(__file__).resolve().parents[2]
OUR_NAMES = {"app", "proxy", "ui", "resources"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-deps", "--wheel-dir", str(folder), str(REPOSITORY))
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def headless(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the gateway and what it needs, by the lock file, and nothing else."""
    folder = tmp_path_factory.mktemp("headless")
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    pip("install", "--require-hashes", "-r", str(REPOSITORY / "locks" / "serve.txt"), python=python)
    pip("install", "--no-deps", str(wheel), python=python)
    return folder


def pip(*words: str, python: Path = Path(sys.executable)) -> None:
    done = subprocess.run(
        [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check", *words],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_it_ships_our_names_and_no_other(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == OUR_NAMES
    assert "resources/icons/tierwise.svg" in names
    assert "resources/config.example.toml" in names
    (notes,) = [name for name in names if name.endswith("entry_points.txt")]
    with zipfile.ZipFile(wheel) as archive:
        assert b"tierwise = app.__main__:main" in archive.read(notes)


def test_the_gateway_runs_where_qt_is_not_installed(headless: Path, tmp_path: Path) -> None:
    python = headless / "bin" / "python"
    missing = subprocess.run([str(python), "-c", "import PySide6"], capture_output=True, check=False)
    assert missing.returncode != 0
    with program("demo", "--port", "0", home=tmp_path, command=[str(headless / "bin" / "tierwise")]) as demo:
        ready = demo.ready()
        assert get(f"{ready['url']}/api/health")["status"] == "ok"
        assert demo.end()[0] == 0


def test_the_tray_says_what_is_missing_there(headless: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [str(headless / "bin" / "tierwise"), "--home", str(tmp_path), "--smoke"],
        env=environment(QT_QPA_PLATFORM="offscreen"),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "pip install 'tierwise[desktop]'" in done.stderr
