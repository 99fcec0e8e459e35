"""What happens to regions, units, posts and delegations, in words. Posts are filed under the person whose post it is."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.timeline.api import Fact

USER = "user"

REGION, UNIT = "region", "unit"

FACTS = (
    Fact("orgs.region_created", _("设立区划"), _("设立区划 {name}（{code}）"), REGION),
    Fact("orgs.unit_created", _("设立机构"), _("设立机构 {name}（{code}）"), UNIT),
    Fact("orgs.post_assigned", _("任命岗位"), _("{name} 任 {unit} {role}，自 {valid_from} 起"), USER),
    Fact("orgs.post_ended", _("终止岗位"), _("{name} 在 {unit} 的 {role} 岗位自 {on} 起终止"), USER),
    Fact(
        "orgs.delegation_given",
        _("委托岗位"),
        _("{name} 将 {unit} 的 {role} 岗位委托他人，{valid_from} 起至 {valid_to} 前：{ground}"),
        USER,
    ),
    Fact(
        "orgs.delegation_revoked",
        _("收回委托"),
        _("{name} 收回 {unit} 的 {role} 岗位的委托，自 {on} 起"),
        USER,
    ),
)
