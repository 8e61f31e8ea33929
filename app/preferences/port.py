"""Whether the gateway could listen at another port, asked before it is written."""

import errno
import os
import socket

from app.ports import free_port, owner_of


def why_not(host: str, port: int) -> str:
    """What stands in the way now, and what to do; empty if nothing does. It blocks."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            if os.name == "posix":  # as a server does it, so that one that has just ended is not in the way
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            probe.listen()
    except OSError as error:
        return _told(host, port, error)
    return ""


def _told(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken by {owner_of(host, port)}. {free_port(host)} is free now."
    if isinstance(error, PermissionError):
        return f"The system lets nobody listen at port {port}. {free_port(host)} can be used."
    return f"Nobody can listen at port {port}: {error.strerror}."
