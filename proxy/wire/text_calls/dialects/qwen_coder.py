"""Qwen3-Coder: each parameter a tag of its own, with or without an outer tag.

<tool_call>
<function=look>
<parameter=path>
a
</parameter>
</function>
</tool_call>
"""

import re

from proxy.wire.text_calls.form import NAME, Call, Form, Rescue, Schemas
from proxy.wire.text_calls.tag_body import elements, tag_body
from proxy.wire.text_calls.values import call_of_texts

_FUNCTION = re.compile(r"\s*<function=([^>]*)>")
_PARAMETER = re.compile(r"\s*<parameter=([^>]*)>")
_OUTER = "<tool_call>"
_OUTER_END = "</tool_call>"
_INNER_END = "</function>"


def _read(text: str, schemas: Schemas) -> tuple[Call, ...] | None:
    functions = elements(text.removeprefix(_OUTER).removesuffix(_OUTER_END), _FUNCTION, _INNER_END)
    if functions is None:
        return None
    calls = []
    for function, inside in functions:
        parameters = elements(inside, _PARAMETER, "</parameter>")
        if parameters is None:
            return None
        values = [(parameter[1].strip(), _without_frame(value)) for parameter, value in parameters]
        calls.append(call_of_texts(function[1].strip(), values, schemas))
    return tuple(calls)


def _without_frame(value: str) -> str:
    """The model writes values on lines of their own."""
    return value.removeprefix("\n").removesuffix("\n")


FORMS = (
    Form(
        rescue=Rescue.QWEN_CODER,
        opening=_OUTER,
        heads=(f"<function={NAME}>",),
        body=tag_body(_read, _OUTER_END),
    ),
    Form(
        rescue=Rescue.QWEN_CODER,
        opening="<function=",
        heads=(f"{NAME}>",),
        body=tag_body(_read, _INNER_END),
        leftovers=(_OUTER_END,),
    ),
)
