"""DeepSeek: special tokens around JSON; its newer models mark tags with a token instead.

    <|tool_calls_begin|><|tool_call_begin|>look<|tool_sep|>{"path": "a"}<|tool_call_end|><|tool_calls_end|>

where the bars are fullwidth and the underscores are lower blocks.
"""

from proxy.wire.text_calls.dialects import invoke
from proxy.wire.text_calls.form import NAME, Call, Form, Rescue, Schemas
from proxy.wire.text_calls.json_body import json_body
from proxy.wire.text_calls.tag_body import tag_body
from proxy.wire.text_calls.values import calls_of_arguments


def token(name: str) -> str:
    return f"<|{name}|>".replace("|", "\uff5c").replace("_", "\u2581")


_ALL, _ALL_END = token("tool_calls_begin"), token("tool_calls_end")
_ONE, _ONE_END = token("tool_call_begin"), token("tool_call_end")
_SEPARATOR = token("tool_sep")
_MARK = "\uff5cDSML\uff5c"

_HEADS = (f"{NAME}{_SEPARATOR}{{", f"function{_SEPARATOR}{NAME}```json{{")
_CLOSINGS = (_ONE_END, f"```{_ONE_END}")


def _read_marked(text: str, schemas: Schemas) -> tuple[Call, ...] | None:
    return invoke.read(text.replace(_MARK, ""), schemas)


FORMS = (
    Form(
        rescue=Rescue.DEEPSEEK,
        opening=_ALL,
        heads=tuple(_ONE + head for head in _HEADS),
        body=json_body(calls_of_arguments, *_CLOSINGS),
        leftovers=(_ALL_END,),
    ),
    Form(
        rescue=Rescue.DEEPSEEK,
        opening=_ONE,
        heads=_HEADS,
        body=json_body(calls_of_arguments, *_CLOSINGS),
        leftovers=(_ALL_END,),
    ),
    Form(
        rescue=Rescue.DEEPSEEK,
        opening=f"<{_MARK}function_calls>",
        heads=(f'<{_MARK}invokename="{NAME}">',),
        body=tag_body(_read_marked, f"</{_MARK}function_calls>"),
    ),
)
