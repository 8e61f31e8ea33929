"""What a server tells of itself is shown, kept and compared, so it is kept within bounds.

Anybody on this machine may listen where a model server would: with names that steer a terminal, or so many of
them that nobody can look at them.
"""

from dataclasses import replace
from itertools import islice

from proxy.local.found import LocalModel, LocalServer

_MOST_MODELS = 500
_NAME, _WORD = 200, 60


def bounded(server: LocalServer) -> LocalServer:
    """The server with what can be used of it: names that can be shown and asked for, each once."""
    usable = dict[str, LocalModel]()
    for each in server.models:
        if _is_plain(each.name, _NAME):
            usable.setdefault(each.name, each)
    models = tuple(_model(each) for each in islice(usable.values(), _MOST_MODELS))
    return replace(server, version=_shown(server.version), models=models)


def _model(model: LocalModel) -> LocalModel:
    return replace(model, parameters=_shown(model.parameters), quantisation=_shown(model.quantisation))


def _shown(text: str) -> str:
    return text if _is_plain(text, _WORD) else ""


def _is_plain(text: str, most: int) -> bool:
    return len(text) <= most and text.isprintable()
