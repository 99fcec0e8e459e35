from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig


class SignInConfig(AppConfig):
    name = "zhengxiao.kernel.signin"
    label = "signin"
    verbose_name = "登录"

    def ready(self) -> None:
        from zhengxiao.kernel.jobs.api import Schedule, register_schedule
        from zhengxiao.kernel.signin.facts import IDENTITY
        from zhengxiao.kernel.signin.throttling import prune
        from zhengxiao.kernel.timeline.api import register_facts

        register_facts("identity", IDENTITY)
        register_schedule(
            Schedule("signin.prune", timedelta(minutes=10), prune, label="清理登录计数和过期会话")
        )
