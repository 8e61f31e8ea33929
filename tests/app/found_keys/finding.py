"""Where keys of clients are put, and what is found of them."""

import json
from pathlib import Path
from typing import Any

from app.found_keys import found_keys
from app.settings import Settings

CANARY = "canary-q7Rk2vN8sT4w"
CLAUDES = f"sk-ant-{CANARY}"
OTHER = "sk-other-Zp4Xw9Lm2Kd7"
OPENROUTER = "https://openrouter.ai/api/v1"
NOTHING = Settings()


def put(file: Path, content: Any) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content if isinstance(content, str) else json.dumps(content))


def searched(user: Path, settings: Settings = NOTHING, **environ: str) -> list[tuple[str, str, str]]:
    """Whose keys were found, in which form, and where."""
    return [(key.provider, key.source, key.where) for key in found_keys(settings, environ, user)]
