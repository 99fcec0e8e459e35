from __future__ import annotations

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "zhengxiao.kernel.files"
    label = "files"
    verbose_name = "文件"
