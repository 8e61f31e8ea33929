"""What providers say when they fail, understood: from any vendor's error to the one vocabulary of failures.

`hearing` finds what is said, whatever shape it has; `kinds` and `overflow` decide what it means, by tables;
`waits` reads when to come back. How a failure is said again to a client is each format's own `errors`.
"""

from proxy.wire.errors.read import read_error

__all__ = ["read_error"]
