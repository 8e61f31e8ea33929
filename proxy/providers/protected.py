"""The members of a request that are the client's own words or the gateway's business, in any format."""

PROTECTED = frozenset(
    {
        "contents",
        "input",
        "instructions",
        "messages",
        "model",
        "prompt",
        "stream",
        "system",
        "systemInstruction",
        "system_instruction",
        "thread",
        "tools",
    }
)
"""No parameter of a service, no fact about a model and no refusal by a provider ever changes them."""
