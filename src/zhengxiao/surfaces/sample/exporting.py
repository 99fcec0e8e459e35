"""Requests for files in the sample city: one in each state, on the addresses that a person of the city would have asked from."""

from __future__ import annotations

from datetime import datetime, timedelta

from zhengxiao.backbone.cases.api import Case
from zhengxiao.kernel.access.api import actor_for
from zhengxiao.kernel.exports.api import ExportRequest, export_ask, export_fetch, export_move, exports_lapse
from zhengxiao.kernel.identity.api import user_by_username
from zhengxiao.kernel.ui.api import Leaving
from zhengxiao.lib.actors import Actor

COLUMNS = "编号、事项、申请人、经办、状态、灯、承诺到期、收件"
STATES = {"received": "已收件", "accepted": "已受理", "reviewing": "审查中", "delivered": "已送达"}
TOO_WIDE = {"reason": "示例：条件过宽，请只导出本月办结的。"}


def ask_for_files(at: datetime) -> None:
    """Requests of the last days: waiting, approved, refused, withdrawn, fetched and lapsed."""
    names = ("head", "supervisor", "auditor", "secadmin")
    people = {name: user for name in names if (user := user_by_username(name))}
    if len(people) < len(names):
        return
    head, supervisor, auditor, second = (actor_for(people[name], at=at) for name in names)
    _asked("reviewing", "示例：核对上月在办名单", supervisor, at - timedelta(days=9))
    exports_lapse(at)
    fetched = _asked("delivered", "示例：向市数据局报送送达明细", head, at - timedelta(days=2, hours=3))
    fetched = _decided(fetched, "approve", {}, second, at - timedelta(days=2, hours=2))
    export_fetch(request=fetched, leaving=_leaving("delivered", head), actor=head, at=at - timedelta(days=2))
    refused = _asked("delivered", "示例：年度抽查取样", auditor, at - timedelta(days=1))
    _decided(refused, "refuse", TOO_WIDE, second, at - timedelta(hours=20))
    dropped = _asked("received", "示例：核对收件名单", supervisor, at - timedelta(hours=6))
    _decided(dropped, "withdraw", {}, supervisor, at - timedelta(hours=5))
    ready = _asked("accepted", "示例：督办会议用的在办明细", supervisor, at - timedelta(hours=4))
    _decided(ready, "approve", {}, second, at - timedelta(hours=3))
    _asked("accepted", "示例：向市数据局报送在办明细", head, at - timedelta(hours=1))


def _leaving(state: str, actor: Actor) -> Leaving:
    rows = Case.objects.visible_to(actor, "cases.export").filter(state=state).count()
    return Leaving("cases", "办件", "xlsx", rows, STATES[state], COLUMNS, "申请人")


def _asked(state: str, purpose: str, actor: Actor, at: datetime) -> ExportRequest:
    address = f"/cases/?view=all&state={state}&export=xlsx&full=1"
    return export_ask(leaving=_leaving(state, actor), address=address, purpose=purpose, actor=actor, at=at)


def _decided(
    row: ExportRequest, transition: str, data: dict[str, str], actor: Actor, at: datetime
) -> ExportRequest:
    return export_move(request=row, transition=transition, data=data, actor=actor, at=at)
