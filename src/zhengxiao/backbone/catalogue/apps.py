from __future__ import annotations

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "zhengxiao.backbone.catalogue"
    label = "catalogue"
    verbose_name = "政务服务事项"
