"""When the port is taken: by whom, and which one is free."""

import socket

import psutil

from app.errors import UserError

_EVERYWHERE = {"0.0.0.0", "::"}


class PortError(UserError):
    """The gateway cannot listen where it should; it never moves by itself, because clients hold the URL."""

    kind = "port_taken"

    def __init__(self, host: str, port: int, owner: str, free_port: int) -> None:
        self.problem = f"Port {port} on {host} is taken by {owner}."
        self.free_port = free_port
        super().__init__(
            f"{self.problem} Stop that program, or take another port: `--port {free_port}` is free now, and "
            "`port` under [server] in config.toml makes it lasting."
        )


def port_taken(host: str, port: int) -> PortError:
    return PortError(host, port, owner_of(host, port), free_port(host))


def owner_of(host: str, port: int) -> str:
    """The program that listens there, as far as the system tells."""
    try:
        holders = {
            connection.pid
            for connection in psutil.net_connections("tcp")
            if connection.status == psutil.CONN_LISTEN
            and connection.laddr
            and connection.laddr.port == port
            and (connection.laddr.ip == host or {connection.laddr.ip, host} & _EVERYWHERE)
        }
    except psutil.AccessDenied:  # macOS tells only root
        holders = set()
    for pid in holders - {None}:
        try:
            process = psutil.Process(pid)
            return f"{process.name()} (process {process.pid})"
        except psutil.Error:
            continue
    return "another program, which the system does not name"


def free_port(host: str) -> int:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port
