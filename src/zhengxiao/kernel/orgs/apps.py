from __future__ import annotations

from django.apps import AppConfig


class OrgsConfig(AppConfig):
    name = "zhengxiao.kernel.orgs"
    label = "orgs"
    verbose_name = "区划与机构"
