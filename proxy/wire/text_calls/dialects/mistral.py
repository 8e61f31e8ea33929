"""Mistral: a token, then an array of calls; newer models write the name before the arguments.

[TOOL_CALLS] [{"name": "look", "arguments": {"path": "a"}}]
[TOOL_CALLS]look[ARGS]{"path": "a"}
"""

from proxy.wire.text_calls.form import NAME, Form, Rescue
from proxy.wire.text_calls.json_body import json_body
from proxy.wire.text_calls.values import calls_of_arguments, calls_of_objects

_OPENING = "[TOOL_CALLS]"

_LEFTOVERS = ("</s>",)

FORMS = (
    Form(
        rescue=Rescue.MISTRAL,
        opening=_OPENING,
        heads=("[", "{"),
        body=json_body(calls_of_objects),
        leftovers=_LEFTOVERS,
    ),
    Form(
        rescue=Rescue.MISTRAL,
        opening=_OPENING,
        heads=(f"{NAME}[ARGS]{{", f"{NAME}{{"),
        body=json_body(calls_of_arguments),
        leftovers=_LEFTOVERS,
    ),
)
