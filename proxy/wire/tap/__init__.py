"""What passes by on the byte path, noted without holding it up.

An answer in the client's own format is forwarded as it is. The tap looks at it meanwhile: it cuts a stream
into events, keeps the few that tell something, and takes them apart only when it is asked, after the
answer. What it does not understand it lets pass and knows nothing of. The one thing it may take out is the
usage chunk that we, not the client, asked for.
"""

from proxy.wire.tap.tap import Tap

__all__ = ["Tap"]
