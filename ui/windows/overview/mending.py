"""Carries out what a warning's button promises, says so, and leaves a way back where there is one."""

from app.desk.desk import Desk
from proxy.config.switch import Switch
from ui.frame.page import Host
from ui.switching import told_undoable
from ui.windows.overview.orders import EndOverride, MakeSwitch, Order, ResetBreaker, Visit
from ui.windows.overview.speech import tr
from ui.windows.unwell import asked_again


async def mended(order: Order, desk: Desk, host: Host) -> None:
    match order:
        case Visit(page, about):
            host.go_to(page, about)
        case ResetBreaker(service):
            await desk.reset_breaker(service)
            host.say(asked_again(service))
        case EndOverride():
            await desk.end_override()
            host.say(tr("From the next typed turn on each request goes where it belongs."))
        case MakeSwitch(switch, done):
            await _switched(switch, done, desk, host)


async def _switched(switch: Switch, done: str, desk: Desk, host: Host) -> None:
    back = (await desk.switch(switch)).undo
    await told_undoable(desk, host, done, [switch.what], lambda: desk.switch(*back))
