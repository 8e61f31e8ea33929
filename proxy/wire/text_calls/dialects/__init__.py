"""How models were trained to write calls: one file per family, each a table of forms."""

from proxy.wire.text_calls.dialects import deepseek, glm, harmony, hermes, invoke, llama, mistral, qwen_coder
from proxy.wire.text_calls.dialects.thinking import THOUGHTS, Thought
from proxy.wire.text_calls.form import Form

__all__ = ["FORMS", "THOUGHTS", "Thought"]

FORMS: tuple[Form, ...] = (
    *hermes.FORMS,
    *glm.FORMS,
    *qwen_coder.FORMS,
    *invoke.FORMS,
    *deepseek.FORMS,
    *mistral.FORMS,
    *llama.FORMS,
    *harmony.FORMS,
)
