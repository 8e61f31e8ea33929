"""What is there once the program has started stays until it ends, so the garbage collector may pass it over.

A full collection looks at everything: some 50 ms with a window's modules loaded, and all streams stand still
meanwhile. Of what has come since the start there is little.
"""

import gc


def what_is_here_lasts() -> None:
    """Called when the program has started, and when it has loaded more that stays."""
    gc.freeze()
