"""Which programs are model servers, as Linux, macOS and Windows show them, and where they listen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.local.kinds import SORTS, ServerKind
from proxy.local.place import IPV4
from proxy.local.where.places import where
from proxy.local.where.programs import Running, is_promising, kind_of, ports_of_children, running
from proxy.local.where.scene import Program, Scene, Socket

SECRET = "sk-quite-secret"


def program(name: str, line: str = "", pid: int = 10, parent: int | None = None) -> Program:
    return Program(pid, name, parent, tuple(line.split()))


def ports(found: Program, *sockets: Socket) -> tuple[int, ...]:
    [server] = running(Scene(sockets, shows_all_sockets=True, programs=(found,)))
    return server.ports


KINDS = [
    (program("llama-server"), ServerKind.LLAMACPP),
    (program("llama-server.exe"), ServerKind.LLAMACPP),
    (program("ollama"), ServerKind.OLLAMA),
    (program("Ollama"), ServerKind.OLLAMA),
    (program("ollama.exe"), ServerKind.OLLAMA),
    (program("ollama app.exe"), ServerKind.OLLAMA),
    (program("LM Studio"), ServerKind.LM_STUDIO),
    (program("LM Studio.exe"), ServerKind.LM_STUDIO),
    (program("lm-studio"), ServerKind.LM_STUDIO),
    (program("llmster"), ServerKind.LM_STUDIO),
    (program("koboldcpp-linux-x64"), ServerKind.KOBOLDCPP),
    (program("koboldcpp_cu12.exe"), ServerKind.KOBOLDCPP),
    (program("Jan"), ServerKind.JAN),
    (program("Jan.exe"), ServerKind.JAN),
    (program("local-ai"), ServerKind.LOCALAI),
    (program("LocalAI.AppImage"), ServerKind.LOCALAI),
    (program("qwen3-8b.llamafile"), ServerKind.LLAMAFILE),
    (program("llamafile.exe"), ServerKind.LLAMAFILE),
    (program("GPT4All"), ServerKind.GPT4ALL),
    (program("vllm", "/usr/bin/python3 /home/me/.local/bin/vllm serve qwen"), ServerKind.VLLM),
    (program("python3.12", "python3 -m vllm.entrypoints.openai.api_server --model q"), ServerKind.VLLM),
    (program("Python", "/Library/Python -m vllm.entrypoints.api_server"), ServerKind.VLLM),
    (program("python.exe", r"C:\py\python.exe C:\env\Scripts\vllm serve qwen"), ServerKind.VLLM),
    (program("python.exe", r"C:\py\python.exe C:\env\Scripts\vllm.exe serve qwen"), ServerKind.VLLM),
    (program("uv", "uv run vllm serve qwen"), ServerKind.VLLM),
    (program("python", "python -m sglang.launch_server --model-path q"), ServerKind.SGLANG),
    (program("python3", "python3 -m mlx_lm.server --model q"), ServerKind.MLX),
    (program("python3", "python3 -m mlx_lm server --model q"), ServerKind.MLX),
    (program("Python", "/opt/Python /opt/homebrew/bin/mlx_lm.server"), ServerKind.MLX),
    (program("pythonw.exe", "pythonw -m llama_cpp.server"), ServerKind.LLAMA_CPP_PYTHON),
    (program("python3", "python3 ./koboldcpp.py model.gguf"), ServerKind.KOBOLDCPP),
    (program("python.exe", r"python.exe C:\my\koboldcpp.py model.gguf"), ServerKind.KOBOLDCPP),
]
OTHERS = [
    program(""),
    program("bash", "bash -c llama-server"),
    program("vim", "vim llama-server.md"),
    program("grep", "grep ollama serve"),
    program("LM Studio Helper (Renderer)"),
    program("janitor"),
    program("ollama-ui"),
    program("VLLM::EngineCore"),
    program("python3", "python3 manage.py runserver"),
    program("python3", "python3 train.py --like=vllm.entrypoints"),
    program("python3", "python3 notvllm serve"),
    program("node", "node -m vllm.entrypoints.openai.api_server"),
    program("python3"),
]


@pytest.mark.parametrize(("found", "kind"), KINDS, ids=str)
def test_a_server_is_known_by_its_name_or_by_what_is_run(found: Program, kind: ServerKind) -> None:
    assert kind_of(found) is kind
    assert is_promising(found)


@pytest.mark.parametrize("found", OTHERS, ids=str)
def test_other_programs_are_none(found: Program) -> None:
    assert kind_of(found) is None
    assert list(running(Scene(programs=(found,)))) == []


@pytest.mark.parametrize(
    ("name", "expected"), [("python3", True), ("uv", True), ("ollama", True), ("bash", False), ("", False)]
)
def test_only_of_few_programs_more_than_the_name_is_worth_reading(name: str, expected: bool) -> None:
    assert is_promising(Program(1, name)) is expected


def test_an_interpreter_that_runs_something_else_is_not_worth_more() -> None:
    assert not is_promising(program("python3", "python3 manage.py runserver"))


PORTS = [
    (program("llama-server", "llama-server -m a.gguf --port 9000"), (9000,)),
    (program("llama-server", "llama-server -m a.gguf --port=9000"), (9000,)),
    (program("llama-server", "llama-server --port 9000 --port 9001"), (9001,)),
    (program("llama-server", "llama-server -p 9000"), (8080,)),
    (program("llama-server", "./llama-server -m models/a.gguf"), (8080,)),
    (program("llama-server", "llama-server --port"), (8080,)),
    (program("llama-server", "llama-server --port="), (8080,)),
    (program("llama-server", "llama-server --port nine"), (8080,)),
    (program("llama-server", "llama-server --port 0"), (8080,)),
    (program("llama-server", "llama-server --port 65536"), (8080,)),
    (program("llama-server", "llama-server --port -1"), (8080,)),
    (program("llama-server", "llama-server --port " + "9" * 5000), (8080,)),
    (program("llama-server", "llama-server --port " + " ".join(map(str, range(1, 60_000)))), (1,)),
    (program("llama-server"), (8080,)),
    (program("vllm", "python vllm serve q -p 9000"), (9000,)),
    (program("jan", "jan serve -p 9000"), (9000,)),
    (program("Jan"), (1337, 6767)),
    (program("ollama", "ollama serve"), (11434,)),
    (program("koboldcpp", "koboldcpp --port 9000"), (9000,)),
]


@pytest.mark.parametrize(("found", "expected"), PORTS, ids=lambda value: str(value)[:60])
def test_the_command_line_says_where_it_listens_or_it_is_where_its_kind_usually_is(
    found: Program, expected: tuple[int, ...]
) -> None:
    assert ports(found) == expected


def test_what_it_listens_on_counts_more_than_what_is_usual() -> None:
    found = program("llama-server", "llama-server -m a.gguf")

    assert ports(found, Socket(IPV4, 9000, 10), Socket(IPV4, 9001, 11)) == (9000,)


def test_a_program_with_very_many_sockets_does_not_make_us_ask_them_all() -> None:
    sockets = [Socket(IPV4, port, 10) for port in range(2000, 3000)]

    assert len(ports(program("LM Studio"), *sockets)) == 8


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("llama-server --api-prefix /llm", "/llm"),
        ("llama-server --api-prefix=llm/", "/llm"),
        ("llama-server --api-prefix /_shutdown?", ""),
        ("llama-server --api-prefix", ""),
        ("llama-server", ""),
    ],
)
def test_a_server_may_have_all_its_paths_below_another_one(line: str, path: str) -> None:
    [server] = running(Scene(programs=(program("llama-server", line),)))

    assert server.path == path


# Those that belong to another one


def test_what_ollama_starts_for_a_model_is_its_own() -> None:
    parent = program("ollama", "ollama serve", pid=1)
    line = "/usr/lib/ollama/llama-server --model /m/blobs/sha256-1 --port 40000 --host 127.0.0.1"
    child = program("llama-server", line, pid=2, parent=1)
    scene = Scene((Socket(IPV4, 40000, 2), Socket(IPV4, 11434, 1)), True, (parent, child))

    assert [each.pid for each in running(scene)] == [1]
    assert ports_of_children(scene) == {40000}


CHILDREN = [
    ("llama-server", "llama-server --model /root/.ollama/models/blobs/sha256-1 --port 40000"),
    ("llama-server", "llama-server --model models/blobs/sha256-1 --port 40000"),
    ("llama-server.exe", r"llama-server.exe --model C:\Users\me\.ollama\models\blobs\sha256-1 --port 40000"),
    ("llama-server", "llama-server --model a.gguf --no-webui --offline --port 40000"),
    ("ollama", "/usr/bin/ollama runner --model /m/blobs/sha256-1 --port 40000"),
]


@pytest.mark.parametrize(("name", "line"), CHILDREN, ids=lambda value: value[:40])
def test_it_is_known_as_that_also_where_its_parent_is_not_shown(name: str, line: str) -> None:
    scene = Scene(programs=(program(name, line),))

    assert list(running(scene)) == []
    assert ports_of_children(scene) == {40000}


@pytest.mark.parametrize("parent", ["llama-server", "Jan", "ollama.exe"])
def test_what_a_router_or_an_application_starts_is_its_own(parent: str) -> None:
    child = program("llama-server", "llama-server --port 40000", pid=2, parent=1)
    scene = Scene((Socket(IPV4, 40001, 2),), True, (program(parent, pid=1), child))

    assert [each.pid for each in running(scene)] == [1]
    assert ports_of_children(scene) == {40000, 40001}


def test_ollamas_server_is_not_a_part_of_its_application() -> None:
    scene = Scene(
        programs=(
            program("ollama app.exe", pid=1),
            program("ollama.exe", "ollama.exe serve", pid=2, parent=1),
        )
    )

    assert [each.pid for each in running(scene)] == [1, 2]
    assert ports_of_children(scene) == set()


def test_one_that_a_shell_has_started_is_its_own_master() -> None:
    scene = Scene(programs=(program("bash", pid=1), program("llama-server", pid=2, parent=1)))

    assert [each.pid for each in running(scene)] == [2]


# Whatever a command line may hold

words = st.lists(
    st.text()
    | st.sampled_from(
        ["--port", "--port=", "-p", "--api-prefix", "-m", "vllm", "serve", "vllm.entrypoints.x"]
    )
    | st.integers().map(str)
).map(tuple)
names = st.sampled_from(["python3", "llama-server", "ollama", "vllm", "Jan.exe", "LM Studio"]) | st.text()
programs = st.builds(Program, st.integers(1, 50), names, st.none() | st.integers(1, 50), words)


@given(st.lists(programs, max_size=8))
def test_no_command_line_is_too_odd(found: list[Program]) -> None:
    scene = Scene(programs=tuple(found))

    assert all(1 <= port <= 65535 for port in ports_of_children(scene))
    for server in running(scene):
        assert server.ports
        assert all(1 <= port <= 65535 for port in server.ports)
        assert server.path == "" or server.path.startswith("/")


@given(st.sampled_from(list(ServerKind)))
def test_every_kind_has_a_place_where_it_usually_is(kind: ServerKind) -> None:
    assert SORTS[kind].ports or kind is ServerKind.OPENAI_COMPATIBLE


def test_a_command_line_without_an_end_is_read_in_part() -> None:
    found = program("python3", "python3 " + "a" * 2_000_000 + " " + "b " * 100_000 + "vllm.entrypoints.x")

    assert kind_of(found) is None


@pytest.mark.parametrize(
    "line",
    [
        f"llama-server --api-key {SECRET} --port 9000",
        f"llama-server --port 9000 --api-key={SECRET}",
        f"llama-server --port {SECRET}",
        f"llama-server --api-prefix --api-key {SECRET}",
        f"llama-server --port --api-key {SECRET} --hf-token {SECRET}",
    ],
)
def test_what_is_secret_in_a_command_line_is_never_shown(line: str) -> None:
    scene = Scene((Socket(IPV4, 9000, 10),), True, (program("llama-server", line),))
    servers: list[Running] = list(running(scene))

    assert SECRET not in repr([scene, scene.programs, servers, ports_of_children(scene), where(scene, ())])
    assert servers
