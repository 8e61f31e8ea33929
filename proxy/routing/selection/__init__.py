"""From a request and a frozen look at the world to a decision: the pipeline and its stages.

Selector          one configuration's routes with their pipelines; `select(request, snapshot, random)`
Route, Pool       what a request may go to; Rule and its conditions are in `proxy.routing.rules`
SelectionContext  what stages know; SelectionResult what they came to; Decision all that follows
"""

from proxy.routing.selection.context import SelectionContext as SelectionContext
from proxy.routing.selection.decision import Decision as Decision
from proxy.routing.selection.decision import SelectionResult as SelectionResult
from proxy.routing.selection.request import Request as Request
from proxy.routing.selection.route import Route as Route
from proxy.routing.selection.selector import Selector as Selector
from proxy.routing.selection.services import contains_service as contains_service
from proxy.routing.selection.services import filter_active_services as filter_active_services
from proxy.routing.selection.services import intersect_services as intersect_services
from proxy.routing.selection.snapshot import Snapshot as Snapshot
from proxy.routing.selection.stage import Stage as Stage
from proxy.routing.selection.stage import StageResult as StageResult
from proxy.routing.selection.stage import filter_result as filter_result
from proxy.routing.selection.stage import final_result as final_result
from proxy.routing.service import Pool as Pool
from proxy.routing.service import Service as Service
