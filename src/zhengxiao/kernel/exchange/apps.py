from __future__ import annotations

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "zhengxiao.kernel.exchange"
    label = "exchange"
    verbose_name = "数据交换"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from zhengxiao.kernel.access.api import register
        from zhengxiao.kernel.exchange.background import JOB, import_job
        from zhengxiao.kernel.exchange.permissions import POLICY
        from zhengxiao.kernel.jobs.api import register_job

        register(POLICY)
        register_job(JOB, import_job, label=_("导入文件"))
