"""Writes a language model of half a megabyte that a real llama.cpp serves and that always says the same.

Nothing in it is trained or random. Attention and feed-forward are zero, so the hidden state is the last
token as a one-hot vector, and the output matrix is nothing but a table of what to say next (`table.py`).
The chat template (`template.jinja`) ends each prompt with one start token, chosen by the last message, and
so chooses the answer.
"""

from pathlib import Path

import gguf
import numpy as np

from tests.llama import vocabulary as v
from tests.llama.table import Scores, next_token_scores

CONTEXT = 262144
_FEED_FORWARD = 32
_HEAD = 32
_TEMPLATE = Path(__file__).with_name("template.jinja")


def write_model(path: Path) -> None:
    writer = gguf.GGUFWriter(path, "llama")
    _describe(writer)
    _add_tokenizer(writer)
    _add_tensors(writer)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _describe(writer: gguf.GGUFWriter) -> None:
    writer.add_name("tiny")
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    writer.add_block_count(1)
    writer.add_embedding_length(v.SIZE)
    writer.add_feed_forward_length(_FEED_FORWARD)
    writer.add_head_count(1)
    writer.add_head_count_kv(1)
    writer.add_key_length(_HEAD)
    writer.add_value_length(_HEAD)
    writer.add_rope_dimension_count(_HEAD)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_context_length(CONTEXT)
    writer.add_vocab_size(v.SIZE)


def _add_tokenizer(writer: gguf.GGUFWriter) -> None:
    words = [v.written(word) for word in v.WORDS]
    tokens = [*v.STAND_INS, *v.CONTROL, *v.MARKS, *words]
    padding = [f"<unused{place}>" for place in range(v.SIZE - len(tokens))]
    kinds = [
        *[gguf.TokenType.NORMAL] * v.BYTES,
        *[gguf.TokenType.CONTROL] * len(v.CONTROL),
        *[gguf.TokenType.USER_DEFINED] * len(v.MARKS),
        *[gguf.TokenType.NORMAL] * len(words),
        *[gguf.TokenType.UNUSED] * len(padding),
    ]
    space = v.written(" ")
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list([*tokens, *padding])
    writer.add_token_types(kinds)
    writer.add_token_merges([f"{space} {space}"])  # one must exist; this one keeps a token to each byte
    writer.add_bos_token_id(v.token(v.END_OF_TEXT))
    writer.add_eos_token_id(v.token(v.END))
    writer.add_eot_token_id(v.token(v.END))
    writer.add_add_bos_token(False)
    writer.add_chat_template(_TEMPLATE.read_text(encoding="utf-8"))


def _add_tensors(writer: gguf.GGUFWriter) -> None:
    size = v.SIZE
    writer.add_tensor("token_embd.weight", np.eye(size, dtype=np.float16))
    # The norm of a one-hot vector is its square root of n times itself: this takes it back to 1.
    writer.add_tensor("output_norm.weight", np.full(size, size**-0.5, dtype=np.float32))
    writer.add_tensor("output.weight", _exact(next_token_scores()))
    for name in ("attn_norm", "ffn_norm"):
        writer.add_tensor(f"blk.0.{name}.weight", np.ones(size, dtype=np.float32))
    for name in ("attn_q", "attn_k", "attn_v"):
        writer.add_tensor(f"blk.0.{name}.weight", np.zeros((_HEAD, size), dtype=np.float16))
    writer.add_tensor("blk.0.attn_output.weight", np.zeros((size, _HEAD), dtype=np.float16))
    for name in ("ffn_gate", "ffn_up"):
        writer.add_tensor(f"blk.0.{name}.weight", np.zeros((_FEED_FORWARD, size), dtype=np.float16))
    writer.add_tensor("blk.0.ffn_down.weight", np.zeros((size, _FEED_FORWARD), dtype=np.float16))


def _exact(scores: Scores) -> np.ndarray[tuple[int, ...], np.dtype[np.float16]]:
    return scores.astype(np.float16)
