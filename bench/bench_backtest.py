"""Back-tests: all rules beyond time against fourteen months, read once; and the page of one item's process."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
from bench.common import ZONE, Figure, analyze, seconds
from bench.population import make_cases

AT = datetime(2026, 11, 20, 10, tzinfo=ZONE)
SIZES = {"full": 1_000_000, "small": 2_000}
LIMIT = 60


def figures(size: str) -> list[Figure]:
    """Seconds of one back-test of all shipped rules; the baseline reads the same rows and only counts them."""
    from zhengxiao.lib.actors import SYSTEM
    from zhengxiao.mechanisms.detection.api import BackTest, RuleVersion, back_test_now, install_rules

    count = SIZES[size]
    make_cases(count, at=AT, worked=True)
    analyze("cases_casestep", "cases_specialprocedure")
    install_rules(at=AT)
    versions = list(RuleVersion.objects.filter(number=1).values_list("pk", flat=True))
    bare = seconds(_bare)
    took = seconds(lambda: back_test_now(version_ids=versions, actor=SYSTEM, at=AT))
    found = {
        test.version.rule.code: test.hits.count()
        for test in BackTest.objects.filter(cut_off=AT).select_related("version__rule")
    }
    read = BackTest.objects.filter(cut_off=AT).latest("pk").read
    return [
        Figure(
            f"backtest.all_rules.{count}", took, "s", "COPY of the same cases and steps, counted only", bare,
            goal=f"≤ {LIMIT} s" if size == "full" else "", met=took <= LIMIT if size == "full" else None,
            note=f"{read:,} cases read; hits {found}",
        ),
    ]  # fmt: skip


def _bare() -> int:
    """Reading two columns of each table as fast as the driver gives them."""
    from zhengxiao.backbone.cases.models import Case, CaseStep
    from zhengxiao.kernel.jobs.api import read_columns

    rows: Any = read_columns(Case.objects.order_by(), {"id": "pk", "decided": "decided_at"})
    steps: Any = read_columns(CaseStep.objects.order_by(), {"case": "case_id", "ended": "ended_at"})
    return int(np.count_nonzero(rows["id"])) + int(np.count_nonzero(steps["case"]))
