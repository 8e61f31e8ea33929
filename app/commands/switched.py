"""What `status` says of routing where it is not as usual, and until when."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any


def switched(routing: Mapping[str, Any]) -> list[str]:
    """As /api/overview tells it; of an older version it does not know until when."""
    until: Mapping[str, Any] = routing.get("until") or {}
    lines = []
    if not routing.get("enabled", True):
        lines.append(f"Routing is off{_until(until.get('enabled'))}.")
    elif until.get("enabled"):
        lines.append(f"Routing is on{_until(until['enabled'])}.")
    if routing.get("local_only"):
        lines.append(f"Only models on this machine may answer{_until(until.get('local_only'))}.")
    elif until.get("local_only"):
        lines.append(f"Models elsewhere may answer as well{_until(until['local_only'])}.")
    if until.get("profile"):
        lines.append(f"The profile is {routing['profile']}{_until(until['profile'])}.")
    return lines


def _until(end: float | str | None) -> str:
    if end is None:
        return ""
    if isinstance(end, str):
        return " until Tierwise ends"
    moment = datetime.fromtimestamp(end).astimezone()
    is_today = moment.date() == datetime.now().astimezone().date()
    return f" until {moment:%H:%M}" if is_today else f" until {moment:%Y-%m-%d %H:%M}"
