"""The sample organisation with calendars."""

from __future__ import annotations

import pytest

from zhengxiao.kernel.access.testing import SampleOrg, sample_org
from zhengxiao.kernel.calendar.api import install_shipped


@pytest.fixture
def org(db: None) -> SampleOrg:
    made = sample_org()
    install_shipped(at=made.at)
    return made
