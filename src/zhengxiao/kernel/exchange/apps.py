from __future__ import annotations

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "zhengxiao.kernel.exchange"
    label = "exchange"
    verbose_name = "数据交换"

    def ready(self) -> None:
        from zhengxiao.kernel.access.api import register
        from zhengxiao.kernel.exchange.background import JOB, import_job
        from zhengxiao.kernel.exchange.permissions import POLICY
        from zhengxiao.kernel.jobs.api import register_job
        from zhengxiao.lib.refusals import gettext_noop

        register(POLICY)
        register_job(JOB, import_job, label=gettext_noop("导入文件"))
