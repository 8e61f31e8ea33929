"""What llama.cpp tells of its models, alone or as a router."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class LlamaModel:
    name: str = "tiny-q4_k_m.gguf"
    status: str = "unloaded"
    """Of a router's: unloaded, loading, loaded, sleeping or downloading."""
    has_failed: bool = False
    """Its last load went wrong."""
    context: int = 8192
    """Of one slot."""
    most_context: int = 32768
    slots: int = 2
    tools: bool = True
    vision: bool = False
    tells_architecture: bool = True
    """Older ones do not."""

    @property
    def file(self) -> str:
        return f"/home/somebody/models/{self.name}"

    @property
    def meta(self) -> dict[str, Any] | None:
        """Known once it is loaded."""
        if self.status != "loaded":
            return None
        return {
            "vocab_type": 2,
            "n_vocab": 320,
            "n_ctx": self.context,
            "n_ctx_train": self.most_context,
            "n_embd": 320,
            "n_params": 8_030_261_312,
            "size": 4_912_898_304,
            "ftype": "Q4_K - Medium",
        }

    @property
    def architecture(self) -> dict[str, Any]:
        inputs = ["text", "image"] if self.vision else ["text"]
        return {"input_modalities": inputs, "output_modalities": ["text"]} if self.tells_architecture else {}


def props(model: LlamaModel) -> dict[str, Any]:
    """GET /props of the one that has the model."""
    return {
        "default_generation_settings": {"id": 0, "n_ctx": model.context, "params": {"seed": 4294967295}},
        "total_slots": model.slots,
        "model_alias": model.name,
        "model_path": model.file,
        "modalities": {"vision": model.vision, "audio": False},
        "chat_template": "{{ messages }}",
        "chat_template_caps": {"supports_tools": model.tools, "supports_tool_calls": model.tools},
        "build_info": "b7000-0123abcd",
        "is_sleeping": model.status == "sleeping",
    }


def alone(model: LlamaModel) -> dict[str, Any]:
    return _entry(model) | {"meta": model.meta}


def in_router(model: LlamaModel) -> dict[str, Any]:
    """With where it lies and how it was started, which nobody should be shown."""
    status: dict[str, Any] = {"value": model.status}
    if model.status not in ("unloaded", "downloading") or model.has_failed:
        status["args"] = ["llama-server", "--model", model.file, "--port", "40123"]
    if model.has_failed:
        status |= {"failed": True, "exit_code": 1}
    meta = {} if model.meta is None else {"meta": model.meta}
    return _entry(model) | meta | {"path": model.file, "in_cache": False, "status": status}


def _entry(model: LlamaModel) -> dict[str, Any]:
    architecture = {"architecture": model.architecture} if model.tells_architecture else {}
    entry = {"id": model.name, "object": "model", "created": 1_767_225_600, "owned_by": "llamacpp"}
    return entry | architecture
