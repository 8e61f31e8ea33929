"""Llama: a token, then an object.

<|python_tag|>{"name": "look", "parameters": {"path": "a"}}
"""

from proxy.wire.text_calls.form import Form, Rescue
from proxy.wire.text_calls.json_body import json_body
from proxy.wire.text_calls.values import calls_of_objects

FORMS = (
    Form(
        rescue=Rescue.LLAMA,
        opening="<|python_tag|>",
        heads=("{", "["),
        body=json_body(calls_of_objects),
        leftovers=("<|eom_id|>", "<|eot_id|>"),
    ),
)
