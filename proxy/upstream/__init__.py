"""Talking to providers: connections, attempts, time-outs and streams."""
