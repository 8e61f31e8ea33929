"""The table of the zoo: who is in it, how it is made, and what it is to be taken for."""

from collections.abc import Callable
from functools import partial
from http.server import ThreadingHTTPServer
from typing import Any

from proxy.local.found import State
from proxy.local.kinds import ServerKind
from proxy.local.place import IPV4
from tests.fakes.local import decoys, sockets
from tests.fakes.local.applications import FakeApplication, FakeOpenWebui, InnerDoor
from tests.fakes.local.docker_model_runner import FakeDockerModelRunner
from tests.fakes.local.generic import FakeOpenAi
from tests.fakes.local.gpt4all import FakeGpt4All
from tests.fakes.local.jan import FakeJan
from tests.fakes.local.koboldcpp import FakeKoboldCpp
from tests.fakes.local.llama_cpp_python import FakeLlamaCppPython
from tests.fakes.local.llamacpp import FakeLlamaCpp, FakeLlamaRouter
from tests.fakes.local.llamacpp_told import LlamaModel
from tests.fakes.local.llamafile import FakeLlamafile, FakeLlamafiler
from tests.fakes.local.lmstudio import FakeLmStudio
from tests.fakes.local.localai import FakeLocalAi
from tests.fakes.local.lookalikes import (
    FakeCliProxy,
    FakeCodeRouter,
    FakeLiteLlm,
    FakeNewCodeRouter,
    FakeSwitch,
    FakeTierwise,
)
from tests.fakes.local.mlx import FakeMlx
from tests.fakes.local.ollama import FakeOllama
from tests.fakes.local.sglang import FakeSglang
from tests.fakes.local.vllm import FakeVllm
from tests.fakes.local.webui import FakeWebui
from tests.fakes.local.zoo import Animal, Creature

_KEY = "a-key"

_ROUTED = [LlamaModel(name="one", status="loaded"), LlamaModel(name="two")]
_BLOB = LlamaModel(name="blobs/sha256-3f8eb4da87fa7a3c", status="loaded")
"""As Ollama keeps its models."""


def _server(name: str, expected: ServerKind, make: Callable[..., Creature], **more: Any) -> Animal:
    return Animal(name=name, expected=expected, make=make, **more)


def _redirecting(**more: Any) -> Creature:
    return decoys.Redirecting(elsewhere=FakeVllm(), **more)


SERVERS = (
    _server("Ollama", ServerKind.OLLAMA, FakeOllama),
    _server("Ollama without models", ServerKind.OLLAMA, partial(FakeOllama, models=())),
    _server(
        "Ollama, older", ServerKind.OLLAMA, partial(FakeOllama, version="0.5.7", lists_capabilities=False)
    ),
    _server("LM Studio", ServerKind.LM_STUDIO, FakeLmStudio),
    _server("LM Studio without models", ServerKind.LM_STUDIO, partial(FakeLmStudio, models=())),
    _server("LM Studio, older", ServerKind.LM_STUDIO, partial(FakeLmStudio, api="v0")),
    _server("LM Studio, oldest", ServerKind.LM_STUDIO, partial(FakeLmStudio, api="openai")),
    _server(
        "LM Studio with a key", ServerKind.LM_STUDIO, partial(FakeLmStudio, key=_KEY), state=State.LOCKED
    ),
    _server("llama.cpp", ServerKind.LLAMACPP, FakeLlamaCpp),
    _server(
        "llama.cpp, loading", ServerKind.LLAMACPP, partial(FakeLlamaCpp, is_loading=True), state=State.LOADING
    ),
    _server("llama.cpp with a key", ServerKind.LLAMACPP, partial(FakeLlamaCpp, key=_KEY), state=State.LOCKED),
    _server("llama.cpp as a router", ServerKind.LLAMACPP, partial(FakeLlamaRouter, models=_ROUTED)),
    _server("llamafile", ServerKind.LLAMAFILE, FakeLlamafile),
    _server("llamafile, newer", ServerKind.LLAMAFILE, FakeLlamafiler),
    _server("llama-cpp-python", ServerKind.LLAMA_CPP_PYTHON, FakeLlamaCppPython),
    _server(
        "llama-cpp-python with a key",
        ServerKind.LLAMA_CPP_PYTHON,
        partial(FakeLlamaCppPython, key=_KEY),
        state=State.LOCKED,
    ),
    _server("vLLM", ServerKind.VLLM, FakeVllm),
    _server("vLLM with adapters", ServerKind.VLLM, partial(FakeVllm, adapters=("mine", "yours"))),
    _server("vLLM with a key", ServerKind.VLLM, partial(FakeVllm, key=_KEY), state=State.LOCKED),
    _server("SGLang", ServerKind.SGLANG, FakeSglang),
    _server("SGLang, older", ServerKind.SGLANG, partial(FakeSglang, has_new_paths=False)),
    _server("SGLang as Ollama", ServerKind.SGLANG, partial(FakeSglang, greeting="Ollama is running")),
    _server("LocalAI", ServerKind.LOCALAI, FakeLocalAi),
    _server("LocalAI, older", ServerKind.LOCALAI, partial(FakeLocalAi, tells_of_itself=False)),
    _server("LocalAI as Ollama", ServerKind.LOCALAI, partial(FakeLocalAi, greets_as_ollama=True)),
    _server("LocalAI without models", ServerKind.LOCALAI, partial(FakeLocalAi, models=(), loaded=())),
    _server("LocalAI with a key", ServerKind.LOCALAI, partial(FakeLocalAi, key=_KEY), state=State.LOCKED),
    _server("Jan", ServerKind.JAN, FakeJan, state=State.LOCKED),
    _server("Jan without a key", ServerKind.JAN, partial(FakeJan, key="")),
    _server("Jan, nothing running", ServerKind.JAN, partial(FakeJan, key="", models=())),
    _server("KoboldCpp", ServerKind.KOBOLDCPP, FakeKoboldCpp),
    _server("KoboldCpp that only draws", ServerKind.KOBOLDCPP, partial(FakeKoboldCpp, model="")),
    _server("KoboldCpp with a password", ServerKind.KOBOLDCPP, partial(FakeKoboldCpp, key=_KEY)),
    _server("MLX", ServerKind.MLX, FakeMlx),
    _server("MLX, newer", ServerKind.MLX, partial(FakeMlx, server_class=ThreadingHTTPServer)),
    _server("MLX without models", ServerKind.MLX, partial(FakeMlx, models=())),
    _server("text-generation-webui", ServerKind.TEXT_GENERATION_WEBUI, FakeWebui, hosts=(IPV4,)),
    _server(
        "text-generation-webui, nothing loaded",
        ServerKind.TEXT_GENERATION_WEBUI,
        partial(FakeWebui, loaded="None"),
        hosts=(IPV4,),
    ),
    _server(
        "text-generation-webui with a key",
        ServerKind.TEXT_GENERATION_WEBUI,
        partial(FakeWebui, key=_KEY),
        state=State.LOCKED,
        hosts=(IPV4,),
    ),
    _server("GPT4All", ServerKind.GPT4ALL, FakeGpt4All, hosts=(IPV4,)),
    _server("Docker Model Runner", ServerKind.DOCKER_MODEL_RUNNER, FakeDockerModelRunner),
    _server("Docker Desktop's", ServerKind.DOCKER_MODEL_RUNNER, partial(FakeDockerModelRunner, greets=False)),
    _server(
        "Docker Model Runner without models",
        ServerKind.DOCKER_MODEL_RUNNER,
        partial(FakeDockerModelRunner, models=()),
    ),
    _server("an OpenAI-compatible server", ServerKind.OPENAI_COMPATIBLE, FakeOpenAi),
    _server(
        "one that lends OpenAI's name to its own",
        ServerKind.OPENAI_COMPATIBLE,
        partial(FakeOpenAi, models=("gpt-4o",)),
    ),
)

_RAW = (
    sockets.closes_at_once,
    sockets.closes_after_reading,
    sockets.never_answers,
    sockets.answers_half,
    sockets.drips_its_body,
    sockets.drips_its_head,
    sockets.floods_its_head,
    sockets.floods_its_body,
    sockets.answers_garbage,
    sockets.breaks_its_chunks,
    sockets.speaks_old_http,
    sockets.speaks_redis,
    sockets.speaks_first,
    sockets.speaks_tls,
)

DECOYS = (
    *(
        Animal(name=treat.__name__.replace("_", " "), make=partial(sockets.RawSocket, treat=treat))
        for treat in _RAW
    ),
    Animal(name="an application in one page", make=decoys.single_page),
    Animal(name="a page that is missing", make=decoys.missing_page),
    Animal(name="AirPlay", make=decoys.airplay),
    Animal(name="web sockets only", make=decoys.web_socket_only),
    Animal(name="always well", make=decoys.always_well),
    Animal(name="an empty list for everything", make=partial(decoys.says_json, [])),
    Animal(name="null for everything", make=partial(decoys.says_json, None)),
    Animal(name="25 MB for everything", make=decoys.large),
    Animal(name="100,000 lists in one another", make=decoys.deep),
    Animal(name="a bomb in a gzip", make=decoys.bomb),
    Animal(name="all words of the wrong type", make=decoys.wrong_types),
    Animal(name="a list of what is no model", make=decoys.wrong_entries),
    Animal(name="an API of cars", make=decoys.shop),
    Animal(name="half an Ollama", make=decoys.half_an_ollama),
    Animal(name="somebody's application", make=FakeApplication),
    Animal(name="LM Studio's inner door", make=InnerDoor),
    Animal(name="what Ollama lets run its model", make=partial(FakeLlamaCpp, model=_BLOB)),
    Animal(name="redirects in a circle", make=decoys.Redirecting),
    Animal(name="redirects to a vLLM", make=_redirecting),
    Animal(name="another Tierwise", make=FakeTierwise),
    Animal(name="LiteLLM", make=FakeLiteLlm),
    Animal(name="LiteLLM with a key", make=partial(FakeLiteLlm, key=_KEY)),
    Animal(
        name="LiteLLM for models of here", make=partial(FakeLiteLlm, models=("qwen3-8b",), owner="openai")
    ),
    Animal(name="claude-code-router", make=FakeCodeRouter),
    Animal(name="claude-code-router, newer", make=FakeNewCodeRouter),
    Animal(name="CLIProxyAPI", make=FakeCliProxy),
    Animal(name="CLIProxyAPI with a key", make=partial(FakeCliProxy, key=_KEY)),
    Animal(name="cc-switch", make=FakeSwitch),
    Animal(name="Open WebUI", make=FakeOpenWebui),
    Animal(name="SGLang with a key, which cannot be told", make=partial(FakeSglang, key=_KEY)),
)
