"""The kinds of providers as a table: local or not, where they are, and what makes them configured."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A sort of provider."""

    label: str
    """What people call it."""
    root: str = ""
    """The vendor's own address, empty where only the user knows it."""
    is_local: bool = False
    needs_address: bool = False
    needs_project: bool = False
    needs_region: bool = False
    has_chain: bool = False
    """Credentials may come from the machine: its profile, its environment, its sign-in."""

    @property
    def needs_key(self) -> bool:
        return not (self.is_local or self.has_chain)


def _hosted(label: str, root: str) -> Kind:
    return Kind(label=label, root=root)


def _own(label: str) -> Kind:
    return Kind(label=label, needs_address=True)


def _local(label: str, root: str) -> Kind:
    return Kind(label=label, root=root, is_local=True)


KINDS: Mapping[str, Kind] = {
    "anthropic": _hosted("Anthropic", "https://api.anthropic.com"),
    "openai": _hosted("OpenAI", "https://api.openai.com/v1"),
    "azure-openai": _own("Azure OpenAI"),
    "azure-anthropic": _own("Anthropic on Azure"),
    "bedrock": Kind(label="Amazon Bedrock", needs_region=True, has_chain=True),
    "vertex": Kind(label="Google Vertex AI", needs_project=True, has_chain=True),
    "openrouter": _hosted("OpenRouter", "https://openrouter.ai/api/v1"),
    "databricks": _own("Databricks"),
    "moonshot": _hosted("Moonshot AI", "https://api.moonshot.ai/v1"),
    "zai": _hosted("Z.ai", "https://api.z.ai/api/paas/v4"),
    "deepseek": _hosted("DeepSeek", "https://api.deepseek.com"),
    "gemini": _hosted("Google Gemini", "https://generativelanguage.googleapis.com"),
    "mistral": _hosted("Mistral AI", "https://api.mistral.ai/v1"),
    "groq": _hosted("Groq", "https://api.groq.com/openai/v1"),
    "xai": _hosted("xAI", "https://api.x.ai/v1"),
    "together": _hosted("Together AI", "https://api.together.xyz/v1"),
    "fireworks": _hosted("Fireworks AI", "https://api.fireworks.ai/inference/v1"),
    "cerebras": _hosted("Cerebras", "https://api.cerebras.ai/v1"),
    "ollama": _local("Ollama", "http://127.0.0.1:11434"),
    "llamacpp": _local("llama.cpp", "http://127.0.0.1:8080"),
    "lmstudio": _local("LM Studio", "http://127.0.0.1:1234"),
    "vllm": _local("vLLM", "http://127.0.0.1:8000"),
    "openai-compatible": _own("OpenAI-compatible"),
    "anthropic-compatible": _own("Anthropic-compatible"),
}
