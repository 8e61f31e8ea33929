"""MiniMax, and models that learned from Claude's older form: one tag per call and parameter.

<minimax:tool_call>
<invoke name="look">
<parameter name="path">a</parameter>
</invoke>
</minimax:tool_call>
"""

import re

from proxy.wire.text_calls.form import NAME, Call, Form, Rescue, Schemas
from proxy.wire.text_calls.tag_body import elements, tag_body
from proxy.wire.text_calls.values import call_of_texts

_INVOKE = re.compile(r'\s*<invoke name="([^"]*)">')
_PARAMETER = re.compile(r'\s*<parameter name="([^"]*)"[^>]*>')
GROUPS = ("<minimax:tool_call>", "<function_calls>")
"""Tags around several calls."""


def read(text: str, schemas: Schemas) -> tuple[Call, ...] | None:
    for group in GROUPS:
        if text.startswith(group):
            text = text.removeprefix(group).removesuffix(group.replace("<", "</"))
    invokes = elements(text, _INVOKE, "</invoke>")
    if invokes is None:
        return None
    calls = []
    for invoke, inside in invokes:
        parameters = elements(inside, _PARAMETER, "</parameter>")
        if parameters is None:
            return None
        values = [(parameter[1], value) for parameter, value in parameters]
        calls.append(call_of_texts(invoke[1], values, schemas))
    return tuple(calls)


FORMS = (
    Form(
        rescue=Rescue.INVOKE,
        opening='<invoke name="',
        heads=(f'{NAME}">',),
        body=tag_body(read, "</invoke>"),
    ),
    *(
        Form(
            rescue=Rescue.INVOKE,
            opening=group,
            heads=(f'<invokename="{NAME}">',),
            body=tag_body(read, group.replace("<", "</")),
        )
        for group in GROUPS
    ),
)
