"""The import console in a real browser: a running import moves by itself."""

from __future__ import annotations

from django.urls import reverse

from tests.browser.rows import AT, import_runs
from zhengxiao.kernel.access.testing import sample_org
from zhengxiao.kernel.exchange.models import ImportRun
from zhengxiao.lib.actors import Role


def test_a_running_import_moves_by_itself_until_it_is_done(page, sign_in, transactional_db):
    runs = import_runs()
    sign_in(page, sample_org().users[Role.SYSTEM_ADMIN].username)
    page.open(reverse("console:import", args=[runs["running"].pk]))
    ImportRun.objects.filter(pk=runs["running"].pk).update(state="done", percent=100, finished_at=AT)
    page.wait_for_selector("text=已完成")
    assert page.locator("#run[hx-trigger]").count() == 0
