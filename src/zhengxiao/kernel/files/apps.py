from __future__ import annotations

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "zhengxiao.kernel.files"
    label = "files"
    verbose_name = "文件"

    def ready(self) -> None:
        from zhengxiao.kernel.files.facts import FACTS
        from zhengxiao.kernel.files.record import RECORDS
        from zhengxiao.kernel.files.scanning import RESCAN_JOB, rescan_job, scan_job
        from zhengxiao.kernel.files.services import SCAN_JOB
        from zhengxiao.kernel.jobs.api import register_job
        from zhengxiao.kernel.timeline.api import register_facts, register_records

        register_facts("files", FACTS)
        register_records(RECORDS)
        register_job(SCAN_JOB, scan_job, label="文件查毒", tries=8)
        register_job(RESCAN_JOB, rescan_job, label="全部文件重新查毒")
