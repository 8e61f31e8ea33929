"""What `tierwise status` says of model servers, in one line."""

import json
from collections.abc import Mapping

import pytest

from app.commands.status import _local, _near
from tests.app.test_remote import answering


def has(label: str, state: str = "ready") -> Mapping[str, str]:
    return {"label": label, "state": state}


@pytest.mark.parametrize(
    ("servers", "lines"),
    [
        ([], []),
        ([has("Ollama")], ["1 model server runs on this machine: Ollama."]),
        (
            [has("Ollama"), has("LM Studio", "locked"), has("llama.cpp", "loading")],
            ["3 model servers run on this machine: Ollama, LM Studio, llama.cpp."],
        ),
        (
            [has("Ollama"), has("vLLM", "gone")],
            ["1 model server runs on this machine: Ollama. No answer from vLLM on this machine."],
        ),
        ([has("vLLM", "gone")], ["No answer from vLLM on this machine."]),
    ],
)
def test_it_counts_those_that_run_and_names_those_that_do_not(
    servers: list[Mapping[str, str]], lines: list[str]
) -> None:
    assert _near(servers) == lines


@pytest.mark.parametrize(
    ("status", "body", "servers"),
    [
        ("200 OK", {"servers": [has("Ollama")]}, [has("Ollama")]),
        ("404 Not Found", {"error": {"message": "There is no such path."}}, []),
    ],
    ids=["of this version", "of an older one"],
)
def test_a_running_one_that_knows_of_none_is_no_failure(
    status: str, body: object, servers: list[Mapping[str, str]]
) -> None:
    content = json.dumps(body).encode()
    head = f"HTTP/1.1 {status}\r\ncontent-length: {len(content)}\r\n\r\n".encode()
    with answering(head + content) as instance:
        assert list(_local(instance)) == servers
