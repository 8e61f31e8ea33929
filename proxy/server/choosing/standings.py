"""Which servers near do not run or are not ready, told to the board whenever that changes."""

from collections.abc import Callable

from proxy.config import Config
from proxy.local.found import State
from proxy.local.watch import Watch
from proxy.routing.health.board import Board
from proxy.routing.health.marks import Reason

_IN_THE_WAY = {State.GONE: Reason.AWAY, State.LOADING: Reason.LOADING}
"""What is not known is in nobody's way."""


class Standings:
    """One gateway's."""

    def __init__(self, watch: Watch, board: Board, config: Callable[[], Config]) -> None:
        self._watch = watch
        self._board = board
        self._config = config
        watch.listen(self.tell)

    def tell(self) -> None:
        for provider in self._config().providers:
            server = self._watch.server_of(provider)
            reason = None if server is None else _IN_THE_WAY.get(server.state)
            if reason is not None:
                self._board.away(provider, reason)
            else:
                self._board.back(provider)
