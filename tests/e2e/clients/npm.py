"""Programs from npm in exact versions, each installed once, in a folder of its own below build/clients."""

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

CLIENTS = Path(__file__).resolve().parents[3] / "build" / "clients"
_OLDEST_NODE = 18
_INSTALL_SECONDS = 240


def what_is_missing() -> str:
    """Why no program can be installed and run here; empty: they can."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        return "real clients come from npm: install nodejs and npm"
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    found = re.match(r"v(\d+)\.", told)
    if found is None or int(found[1]) < _OLDEST_NODE:
        return f"real clients need node {_OLDEST_NODE} or newer, and this is {told.strip()}"
    return ""


MISSING = what_is_missing()


@dataclass(frozen=True)
class Package:
    """One program."""

    name: str
    version: str
    command: str

    def installed(self) -> Path:
        """The program; the folder is named for the version, so another version is another installation."""
        folder = CLIENTS / f"{self.command}-{self.version}"
        if not self._is_in(folder):
            install = ["npm", "install", "--no-audit", "--no-fund", "--no-save"]
            subprocess.run(
                [*install, "--prefix", str(folder), f"{self.name}@{self.version}"],
                check=True,
                capture_output=True,
                timeout=_INSTALL_SECONDS,
            )
        return folder / "node_modules" / ".bin" / self.command

    def _is_in(self, folder: Path) -> bool:
        package = folder / "node_modules" / self.name / "package.json"
        return package.exists() and json.loads(package.read_bytes())["version"] == self.version
