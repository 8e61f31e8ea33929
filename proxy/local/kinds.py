"""The sorts of servers that can be told apart, as a table: names, ports, and how each is configured."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from proxy.config import ProviderKind


class ServerKind(StrEnum):
    """What a server turned out to be."""

    OLLAMA = "ollama"
    LM_STUDIO = "lmstudio"
    LLAMACPP = "llamacpp"
    LLAMAFILE = "llamafile"
    VLLM = "vllm"
    SGLANG = "sglang"
    LOCALAI = "localai"
    JAN = "jan"
    KOBOLDCPP = "koboldcpp"
    MLX = "mlx"
    TEXT_GENERATION_WEBUI = "text-generation-webui"
    GPT4ALL = "gpt4all"
    DOCKER_MODEL_RUNNER = "docker-model-runner"
    LLAMA_CPP_PYTHON = "llama-cpp-python"
    OPENAI_COMPATIBLE = "openai-compatible"
    """It lists models as OpenAI does, and says nothing else of itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """What holds for every server of a kind."""

    label: str
    provider: ProviderKind = "openai-compatible"
    """As what it is configured."""
    ports: tuple[int, ...] = ()
    """Where it is unless it was told otherwise."""
    api: str = "/v1"
    """What the address of its provider ends with."""
    cuts_prompts: bool = True
    """A prompt that is too long loses its beginning in silence. Others refuse it, and say so."""


SORTS: Mapping[ServerKind, Sort] = {
    ServerKind.OLLAMA: Sort(label="Ollama", provider="ollama", ports=(11434,), api=""),
    ServerKind.LM_STUDIO: Sort(label="LM Studio", provider="lmstudio", ports=(1234,)),
    ServerKind.LLAMACPP: Sort(label="llama.cpp", provider="llamacpp", ports=(8080,), cuts_prompts=False),
    ServerKind.LLAMAFILE: Sort(label="llamafile", provider="llamacpp", ports=(8080,)),
    ServerKind.VLLM: Sort(label="vLLM", provider="vllm", ports=(8000,), cuts_prompts=False),
    ServerKind.SGLANG: Sort(label="SGLang", ports=(30000,), cuts_prompts=False),
    ServerKind.LOCALAI: Sort(label="LocalAI", ports=(8080,)),
    ServerKind.JAN: Sort(label="Jan", ports=(1337, 6767)),
    ServerKind.KOBOLDCPP: Sort(label="KoboldCpp", ports=(5001,)),
    ServerKind.MLX: Sort(label="MLX", ports=(8080,)),
    ServerKind.TEXT_GENERATION_WEBUI: Sort(label="text-generation-webui", ports=(5000,)),
    ServerKind.GPT4ALL: Sort(label="GPT4All", ports=(4891,)),
    ServerKind.DOCKER_MODEL_RUNNER: Sort(label="Docker Model Runner", ports=(12434,), api="/engines/v1"),
    ServerKind.LLAMA_CPP_PYTHON: Sort(label="llama-cpp-python", ports=(8000,), cuts_prompts=False),
    ServerKind.OPENAI_COMPATIBLE: Sort(label="OpenAI-compatible server"),
}
