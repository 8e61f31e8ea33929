"""Which words say that a prompt is too long, and where in them stand its size and the limit.

Few vendors have a code for it. Each row is one vendor's sentence; `n` is the prompt's size, `and_n` what is
to be added to it (the answer's share), `m` the limit.
"""

import re
from typing import NamedTuple

_LONGEST_MESSAGE = 20_000


class Sizes(NamedTuple):
    tokens: int | None = None
    maximum: int | None = None
    share: int | None = None
    """What the answer was to have of it, where the prompt alone would have fitted."""


_N = r"(?P<n>\d[\d,_]{0,15})"
_AND_N = r"(?P<and_n>\d[\d,_]{0,15})"
_M = r"(?P<m>\d[\d,_]{0,15})"
_WINDOW = rf"maximum context length (?:is|of) {_M}"
_NUMBER = r"\d[\d,_]{0,15}"

_SENTENCES = [
    # Anthropic, and the many who speak like it
    rf"prompt is too long: {_N} tokens > {_M} maximum",
    rf"exceed context limit: {_N} \+ {_AND_N} > {_M}",
    # Fireworks
    rf"prompt is too long: {_N}, model maximum context length: {_M}",
    # OpenAI, Azure, DeepSeek, OpenRouter, vLLM: the limit, then the size, which is said in many ways
    rf"is too large: {_AND_N}\. .{{0,40}}{_WINDOW} tokens and your request has {_N} input tokens",
    rf"{_WINDOW} tokens.{{0,40}}requested {_AND_N} output tokens and your prompt contains at least {_N} ",
    rf"{_WINDOW} tokens.{{0,80}}(?:you requested|resulted in|your request has)(?: about)? {_N}",
    rf"{_WINDOW} tokens.{{0,60}}You requested a total of {_N} tokens",
    _WINDOW,
    # vLLM
    rf"prompt \(length {_N}\) is longer than the maximum model length of {_M}",
    # SGLang
    rf"input \({_N} tokens\) is longer than the model's context length \({_M} tokens\)",
    # llama.cpp
    rf"request \({_N} tokens\) exceeds the available context size \({_M} tokens\)",
    rf"exceeds the available context size(?: \({_M} tokens\))?",
    # LM Studio
    rf"keep the first {_N} tokens when .{{0,80}}context length of only {_M} tokens",
    rf"keep the first {_N} tokens when (?:the )?context",
    rf"n_keep(?:: | \(){_N}\)? ?>=? n_ctx(?:: | \(){_M}",
    r"tokens to keep from the initial prompt is greater than the context length",
    rf"Reached context length of {_M} tokens",
    # Ollama
    r"prompt too long; exceeded (?:max )?context length",
    r"input (?:length )?exceeds (?:the )?(?:maximum )?context length",
    r"prompt is longer than the context length currently available",
    # Gemini
    rf"input token count \(?{_N}\)? exceeds the maximum number of tokens allowed \(?{_M}",
    rf"input token count exceeds the maximum number of tokens allowed \(?{_M}",
    # Bedrock, also behind Databricks
    r"Input is too long for requested model",
    rf"Too many input tokens\. Max input tokens: {_M}, request input token count: {_N}",
    # xAI
    rf"maximum prompt length is {_M} but the request contains {_N} tokens",
    # Mistral
    rf"Prompt contains {_N} tokens .{{0,60}}too large for model with {_M} maximum context length",
    # Groq, Cerebras
    rf"reduce the length of the messages or completion\. Current length is {_N} while limit is {_M}",
    r"reduce the length of the messages or completion",
    # Moonshot
    rf"exceeded model token limit: {_M}(?: \(requested: {_N}\))?",
    # Copilot
    rf"prompt token count of {_N} exceeds the limit of {_M}",
    # Text Generation Inference, Together
    rf"must be <= {_M}\. Given: {_N} `inputs` tokens and {_AND_N} `max_new_tokens`",
    # Cohere
    rf"total number of tokens in the prompt cannot exceed {_M} - received {_N}",
    # Qwen
    rf"Range of input length should be \[{_NUMBER}, {_M}\]",
    # MiniMax, and OpenAI of the Responses format
    r"context window exceeds limit",
    r"exceeds the context window",
    # Anthropic and others without numbers, last so that no numbers are missed
    r"prompt is too long",
]
_PATTERNS = [re.compile(sentence, re.IGNORECASE | re.DOTALL) for sentence in _SENTENCES]


def sizes_in(message: str) -> Sizes | None:
    """The sizes told, each where it is told; None for a message about something else."""
    message = message[:_LONGEST_MESSAGE]
    for pattern in _PATTERNS:
        found = pattern.search(message)
        if found is not None:
            return _plausible(found.groupdict())
    return None


def _plausible(told: dict[str, str | None]) -> Sizes:
    tokens, more, maximum = (_number(told.get(name)) for name in ("n", "and_n", "m"))
    if tokens is None or more is None:
        return Sizes(tokens, maximum)
    if maximum is not None and tokens <= maximum:
        return Sizes(tokens + more, maximum, share=more)
    return Sizes(tokens + more, maximum)


def _number(digits: str | None) -> int | None:
    return int(digits.replace(",", "").replace("_", "")) if digits else None
