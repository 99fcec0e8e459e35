"""Words that many pages share."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhengxiao.lib.actors import Role

ROLE_LABELS: dict[Role, Promise] = {
    Role.WINDOW_CLERK: _("窗口人员"),
    Role.APPROVER: _("审批人员"),
    Role.DEPARTMENT_HEAD: _("部门负责人"),
    Role.SUPERVISOR: _("监督人员"),
    Role.LEADER: _("领导"),
    Role.AUDITOR: _("审计人员"),
    Role.SYSTEM_ADMIN: _("系统管理员"),
    Role.SECURITY_ADMIN: _("安全管理员"),
    Role.SYSTEM_CLIENT: _("接入系统"),
    Role.CITIZEN: _("办事人"),
}

LIGHT_WORDS: dict[str, Promise] = {
    "green": _("正常"),
    "blue": _("提示"),
    "yellow": _("临期"),
    "red": _("超期"),
    "grey": _("暂停"),
    "none": _("已停"),
}
"""What a light says when the page has nothing more precise to say; also the order in which lights are
counted.
"""
