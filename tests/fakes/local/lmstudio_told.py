"""What LM Studio tells of a model, in the words of each of its interfaces."""

from dataclasses import dataclass
from typing import Any, Literal

from tests.fakes.local.memory import Loaded


@dataclass(frozen=True, kw_only=True)
class LmStudioModel:
    key: str = "qwen/qwen3-8b"
    type: Literal["llm", "embedding"] = "llm"
    architecture: str = "qwen3"
    most_context: int = 32768
    size: int = 4_700_000_000
    parameters: str | None = "8B"
    quantisation: str = "Q4_K_M"
    tools: bool = True
    vision: bool = False
    reasons: bool = False

    @property
    def publisher(self) -> str:
        return self.key.partition("/")[0] if "/" in self.key else "lmstudio-community"


def newest(model: LmStudioModel, loaded: Loaded | None) -> dict[str, Any]:
    """GET /api/v1/models, since 0.4."""
    config = {} if loaded is None else {"context_length": loaded.context, "eval_batch_size": 512}
    instances = [] if loaded is None else [{"id": model.key, "config": config}]
    return {
        "type": model.type,
        "publisher": model.publisher,
        "key": model.key,
        "display_name": model.key,
        "quantization": {"name": model.quantisation, "bits_per_weight": 4},
        "size_bytes": model.size,
        "params_string": model.parameters,
        "loaded_instances": instances,
        "max_context_length": model.most_context,
        "format": "gguf",
        **({} if model.type == "embedding" else _of_llm(model)),
    }


def _of_llm(model: LmStudioModel) -> dict[str, Any]:
    reasoning = {"reasoning": {"allowed_options": ["off", "on"], "default": "on"}} if model.reasons else {}
    return {
        "architecture": model.architecture,
        "capabilities": {"vision": model.vision, "trained_for_tool_use": model.tools, **reasoning},
        "description": None,
    }


def older(model: LmStudioModel, loaded: Loaded | None) -> dict[str, Any]:
    """GET /api/v0/models, since 0.3.6."""
    kinds = {"llm": "vlm" if model.vision else "llm", "embedding": "embeddings"}
    return {
        "id": model.key,
        "object": "model",
        "type": kinds[model.type],
        "publisher": model.publisher,
        "arch": model.architecture,
        "compatibility_type": "gguf",
        "quantization": model.quantisation,
        "state": "not-loaded" if loaded is None else "loaded",
        "max_context_length": model.most_context,
        **({} if loaded is None else {"loaded_context_length": loaded.context}),
        **({"capabilities": ["tool_use"]} if model.tools else {}),
    }
