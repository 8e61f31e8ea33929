"""gpt-oss: messages on channels, a call being one that is addressed to a function.

<|channel|>commentary to=functions.look <|constrain|>json<|message|>{"path": "a"}<|call|>
"""

from proxy.wire.text_calls.form import NAME, Form, Rescue
from proxy.wire.text_calls.json_body import json_body
from proxy.wire.text_calls.values import calls_of_arguments

ANSWER = ("<|start|>assistant", "<|channel|>final<|message|>")
"""What stands before an answer and means nothing without the rest."""

FORMS = tuple(
    Form(
        rescue=Rescue.HARMONY,
        opening=f"<|channel|>{channel} to=functions.",
        heads=(
            f"{NAME}<|constrain|>json<|message|>{{",
            f"{NAME}json<|message|>{{",
            f"{NAME}<|message|>{{",
        ),
        body=json_body(calls_of_arguments),
        leftovers=("<|call|>", *ANSWER),
    )
    for channel in ("commentary", "analysis")
)
