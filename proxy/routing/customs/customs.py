"""What is usual for each client that was seen lately."""

from collections import OrderedDict

from proxy.routing.customs.call import Call
from proxy.routing.customs.chores import Chores
from proxy.routing.customs.usual import UsualTools

MOST_CLIENTS = 64


class _Client:
    __slots__ = ("chores", "tools")

    def __init__(self) -> None:
        self.chores = Chores()
        self.tools = UsualTools()


class Customs:
    """`note` belongs to the loop. All else may be asked by any thread: it is single operations of dicts."""

    def __init__(self) -> None:
        self._clients: OrderedDict[str, _Client] = OrderedDict()

    def __len__(self) -> int:
        """How many names and numbers are kept, over all clients."""
        return sum(1 + len(each.chores) + len(each.tools) for each in self._clients.values())

    def note(self, call: Call | None) -> None:
        """Once for every call that is really made, and never for one that is only thought about.

        None is one that nothing can be learned from.
        """
        if call is None:
            return
        client = self._clients.get(call.client)
        if client is None:
            client = self._clients[call.client] = _Client()
            if len(self._clients) > MOST_CLIENTS:
                self._clients.popitem(last=False)
        self._clients.move_to_end(call.client)
        client.chores.note(call)
        client.tools.note(call)

    def is_chore(self, call: Call) -> bool:
        """Whether it looks like a call that this client makes beside its sessions' work."""
        if call.tools or not call.is_single or not call.is_slight:
            return False
        client = self._clients.get(call.client)
        return client is not None and client.chores.holds(call.shape)

    def usual_tools(self, client: str) -> frozenset[str] | None:
        """What the client brings with it; None while too little of it was seen."""
        known = self._clients.get(client)
        return None if known is None else known.tools.names

    def extra_tools(self, client: str, offered: frozenset[str]) -> int | None:
        """How many tools somebody added to those of the client; None while these are not known."""
        usual = self.usual_tools(client)
        return None if usual is None else len(offered - usual)
