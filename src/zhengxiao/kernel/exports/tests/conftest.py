from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from zhengxiao.kernel.access.api import actor_for
from zhengxiao.kernel.access.testing import AT, SampleOrg, sample_org
from zhengxiao.kernel.exports.models import ExportRequest
from zhengxiao.kernel.exports.services import export_ask
from zhengxiao.kernel.ui.api import Leaving
from zhengxiao.lib.actors import Actor, Role

NOW = AT + timedelta(hours=1)
ADDRESS = "/cases/?export=csv&full=1"
PURPOSE = "报送市数据局办件明细"


def leaving(**changes: Any) -> Leaving:
    values: dict[str, Any] = {
        "name": "cases",
        "title": "办件",
        "form": "csv",
        "rows": 20,
        "personal": "申请人",
    }
    return Leaving(**values | changes)


@pytest.fixture
def org(db: None) -> SampleOrg:
    return sample_org()


def actor(org: SampleOrg, who: Role | str) -> Actor:
    user = org.users[who] if isinstance(who, Role) else org.neighbours[who]
    return actor_for(user, at=NOW)


def asked(org: SampleOrg, who: Role | str = Role.APPROVER, **changes: Any) -> ExportRequest:
    return export_ask(
        leaving=leaving(**changes), address=ADDRESS, purpose=PURPOSE, actor=actor(org, who), at=NOW
    )
