"""The sample accounts: one person per role, all in or above district A, with one open password."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from zhengxiao.lib.actors import Role

PASSWORD = "sample-city"  # noqa: S105 - printed on the sign-in page of the demo


@dataclass(frozen=True, slots=True)
class Account:
    """A sample person with a role at a unit."""

    username: str
    name: str
    role: Role
    unit: str
    label: object
    place: object


ACCOUNTS = (
    Account("clerk", "李示例", Role.WINDOW_CLERK, "A-CENTRE-W1", _("窗口人员"), _("甲区政务中心综合窗口一")),
    Account("approver", "张示例", Role.APPROVER, "A-APPROVAL-S1", _("审批人员"), _("甲区行政审批局许可科")),
    Account("head", "刘示例", Role.DEPARTMENT_HEAD, "A-APPROVAL", _("部门负责人"), _("甲区行政审批局")),
    Account("supervisor", "陈示例", Role.SUPERVISOR, "A-OFFICE", _("督查人员"), _("甲区政府办")),
    Account("leader", "杨示例", Role.LEADER, "A-OFFICE", _("领导"), _("甲区政府办")),
    Account("auditor", "黄示例", Role.AUDITOR, "C-OFFICE", _("审计员"), _("市政府办")),
    Account("sysadmin", "赵示例", Role.SYSTEM_ADMIN, "C-CENTRE", _("系统管理员"), _("市政务中心")),
    Account("secadmin", "吴示例", Role.SECURITY_ADMIN, "C-CENTRE", _("安全管理员"), _("市政务中心")),
    Account("citizen", "王示例", Role.CITIZEN, "A-CENTRE", _("办事群众"), _("甲区")),
    Account("client", "平台示例", Role.SYSTEM_CLIENT, "A-APPROVAL", _("外部系统"), _("甲区行政审批局")),
)
