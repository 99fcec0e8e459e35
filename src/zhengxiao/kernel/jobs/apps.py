from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "zhengxiao.kernel.jobs"
    label = "jobs"
    verbose_name = "后台任务"

    def ready(self) -> None:
        from zhengxiao.kernel.jobs.declarations import Schedule, register_schedule
        from zhengxiao.kernel.jobs.services import jobs_tidy

        register_schedule(Schedule("jobs.tidy", timedelta(days=1), jobs_tidy, label="清理已完成的后台任务"))
