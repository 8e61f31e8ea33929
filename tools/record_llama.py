"""Records what a real llama.cpp server answers, for the tests that read recordings.

    .venv/bin/python -m tools.record_llama [name ...]

Each exchange has a server of its own that nobody asked anything before, so no cache tells about others.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.llama import asking
from tests.llama.exchanges import AGAIN, EXCHANGES, GUARDED, request_body
from tests.llama.recording import FOLDER, SUFFIX, Recording, normalised, write
from tests.llama.server import llama_server


def main() -> None:
    chosen = sys.argv[1:] or sorted(EXCHANGES)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in chosen:
        write(FOLDER / f"{name}{SUFFIX}", recorded_now(name))
        print(name)
    if not sys.argv[1:]:
        for file in FOLDER.glob(f"*{SUFFIX}"):
            if file.stem not in EXCHANGES:
                file.unlink()


def recorded_now(name: str) -> Recording:
    path, asked = EXCHANGES[name]
    request = request_body(asked)
    method = "GET" if request is None else "POST"
    key = "secret" if name.startswith(GUARDED) else None
    with tempfile.TemporaryDirectory() as folder, llama_server(Path(folder), api_key=key) as server:
        for _ in range(2 if name.endswith(AGAIN) else 1):
            told = asyncio.run(asking.ask(server, method, path, request))
        body = normalised(told.body, server.model)
    return Recording(method, path, request or b"", told.status, told.content_type, body)


if __name__ == "__main__":
    main()
