from __future__ import annotations

from datetime import UTC, datetime

import pytest

from zhengxiao.kernel.access.testing import SampleOrg, sample_org

AT = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
PASSWORD = "plain-enough-to-read-7"


@pytest.fixture
def org(db: None) -> SampleOrg:
    return sample_org(password=PASSWORD)
