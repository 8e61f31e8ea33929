"""Wire formats, sans-IO: bytes in, values out; values in, bytes out. No sockets, no clock."""
