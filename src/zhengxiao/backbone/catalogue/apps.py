from __future__ import annotations

from pathlib import Path

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "zhengxiao.backbone.catalogue"
    label = "catalogue"
    verbose_name = "政务服务事项"

    def ready(self) -> None:
        from zhengxiao.backbone.catalogue.exchange_target import TARGET
        from zhengxiao.backbone.catalogue.facts import FACTS
        from zhengxiao.backbone.catalogue.permissions import POLICIES
        from zhengxiao.backbone.catalogue.record import RECORDS
        from zhengxiao.backbone.catalogue.resources import RESOURCES
        from zhengxiao.backbone.catalogue.workflow import WORKFLOW
        from zhengxiao.kernel.access.api import register as register_policies
        from zhengxiao.kernel.exchange.api import register_profiles, register_target
        from zhengxiao.kernel.timeline.api import register_facts, register_records
        from zhengxiao.kernel.ui.api import register_resource
        from zhengxiao.kernel.workflow.api import register as register_workflow

        register_policies(POLICIES)
        register_facts("catalogue", FACTS)
        register_records(RECORDS)
        register_workflow(WORKFLOW)
        register_target(TARGET)
        register_profiles("catalogue", Path(__file__).parent / "profiles")
        for resource in RESOURCES:
            register_resource(resource)
        _navigation()


def _navigation() -> None:
    from django.utils.translation import gettext_lazy as _
    from django.utils.translation import pgettext_lazy

    from zhengxiao.backbone.catalogue.queries import waiting_for_review
    from zhengxiao.kernel.ui.api import NavEntry, register_nav

    register_nav(NavEntry("办", pgettext_lazy("导航", "事项"), "catalogue:items", order=40))
    register_nav(
        NavEntry(
            "办",
            _("事项审核"),
            "catalogue:versions",
            action="catalogue.view",
            order=41,
            count=waiting_for_review,
        )
    )
