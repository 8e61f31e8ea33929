"""Tool calls that a local model wrote as text, made into calls; and thinking that leaked into its text.

Models are trained on markers of their own (`dialects/`), which the server should recognise and often does
not. `TextCalls` is a filter over the events of a stream that recognises them; `rescued` does the same to a
whole answer.

- Only a call of a tool that was offered in this request counts. Everything else stays the text it was, byte
  for byte, also a call that is cut off by the end.
- Text streams on at once. Held back are only the beginning of what may become a marker, for as long as it
  may, and the inside of a call until it is complete.
- How the text was cut into deltas makes no difference to the answer.
"""

from proxy.wire.text_calls.filter import TextCalls, rescued
from proxy.wire.text_calls.form import Rescue

__all__ = ["Rescue", "TextCalls", "rescued"]
