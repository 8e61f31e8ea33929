"""Renew the lock files: exact versions with hashes, one file for every Python and system we support."""

import subprocess
import sys
from pathlib import Path

LOCKS = {
    "serve": [],
    "desktop": ["desktop"],
    "dev": ["desktop", "dev", "package"],
}
_HOW = ["--universal", "--python-version", "3.11", "--generate-hashes"]
_QUIETLY = ["--no-header", "--no-emit-index-url", "--no-config", "--quiet"]
_HEADER = "# Made by `make lock` from pyproject.toml; installed with --require-hashes.\n"


def main() -> int:
    for name, extras in LOCKS.items():
        file = Path("locks") / f"{name}.txt"
        chosen = [word for extra in extras for word in ("--extra", extra)]
        compiling = [sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml"]
        subprocess.run([*compiling, *chosen, *_HOW, *_QUIETLY, "--output-file", str(file)], check=True)
        file.write_text(_HEADER + file.read_text(encoding="utf-8"), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
