"""A configuration as tests write it: tables as dictionaries, services as `provider/model`."""

from typing import Any

import msgspec

from proxy.config import Config


def configured(**tables: Any) -> Config:
    return msgspec.convert(_expanded(tables), Config)


def _expanded(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _expanded(inner, name) for name, inner in value.items()}
    if not isinstance(value, list):
        return value
    lists_services = key == "services" or key.isupper()
    return _services(value) if lists_services else [_expanded(each) for each in value]


def _services(value: list[Any]) -> list[Any]:
    return [_service(each) if isinstance(each, str) else each for each in value]


def _service(text: str) -> dict[str, str]:
    provider, _, model = text.partition("/")
    return {"provider": provider, "model": model}
