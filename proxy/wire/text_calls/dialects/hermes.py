"""Hermes, Qwen and most small models: an object between tags.

<tool_call>
{"name": "look", "arguments": {"path": "a"}}
</tool_call>
"""

from proxy.wire.text_calls.form import Form, Rescue
from proxy.wire.text_calls.json_body import json_body
from proxy.wire.text_calls.values import calls_of_objects

FORMS = (
    Form(
        rescue=Rescue.HERMES,
        opening="<tool_call>",
        heads=("{", "["),
        body=json_body(calls_of_objects, "</tool_call>"),
    ),
    Form(
        rescue=Rescue.FUNCTION_CALL,
        opening="<function_call>",
        heads=("{", "["),
        body=json_body(calls_of_objects, "</function_call>"),
    ),
)
