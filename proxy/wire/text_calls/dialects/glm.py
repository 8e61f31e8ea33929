"""GLM: keys and values between tags, in the same outer tag as Hermes.

<tool_call>look
<arg_key>path</arg_key>
<arg_value>a</arg_value>
</tool_call>
"""

import re

from proxy.wire.text_calls.form import NAME, Call, Form, NotACallError, Rescue, Schemas
from proxy.wire.text_calls.tag_body import elements, tag_body
from proxy.wire.text_calls.values import call_of_texts

_OPENING = "<tool_call>"
_CLOSING = "</tool_call>"
_PAIR = re.compile(r"\s*<arg_key>(.*?)</arg_key>\s*<arg_value>", re.DOTALL)


def _read(text: str, schemas: Schemas) -> tuple[Call, ...] | None:
    name, tag, pairs = text.removeprefix(_OPENING).removesuffix(_CLOSING).partition("<arg_key>")
    found = elements(tag + pairs, _PAIR, "</arg_value>")
    if found is None:
        return None
    if tag and not found:
        raise NotACallError
    values = [(start[1].strip(), value) for start, value in found]
    return (call_of_texts(name.strip(), values, schemas),)


FORMS = (
    Form(
        rescue=Rescue.GLM,
        opening=_OPENING,
        heads=(f"{NAME}<arg_key>", f"{NAME}{_CLOSING}"),
        body=tag_body(_read, _CLOSING),
    ),
)
