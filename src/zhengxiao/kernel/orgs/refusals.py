"""What the verbs of this package refuse, by name."""

from __future__ import annotations

from zhengxiao.lib.refusals import Refusal, gettext_noop


class RegionCodeMalformed(Refusal):
    template = gettext_noop("区划代码“{code}”不是有效的 12 位代码。")


class RegionLevelMismatch(Refusal):
    template = gettext_noop("区划代码“{code}”的层级应为 {expected}，填写的是 {level}。")


class RegionCodeTaken(Refusal):
    template = gettext_noop("区划代码“{code}”已存在。")


class RegionUnknown(Refusal):
    template = gettext_noop("没有代码为“{code}”的区划。")


class RegionNotBelowParent(Refusal):
    template = gettext_noop("区划“{code}”不能隶属于“{parent}”：代码前缀或层级不符。")


class UnitCodeMalformed(Refusal):
    template = gettext_noop("机构编码“{code}”只能由字母、数字和 . _ - 组成，最长 32 个字符。")


class UnitCodeTaken(Refusal):
    template = gettext_noop("机构编码“{code}”已存在（不区分大小写）。")


class UnitUnknown(Refusal):
    template = gettext_noop("没有编码为“{code}”的机构，或已停用。")


class UnitNameMissing(Refusal):
    template = gettext_noop("请填写机构“{code}”的名称。")


class UnitKindUnknown(Refusal):
    template = gettext_noop("没有“{kind}”这种机构类别。")


class UnitNeedsDepartment(Refusal):
    template = gettext_noop("机构“{code}”是科室或窗口，必须隶属于一个部门。")


class UnitOutsideParentRegion(Refusal):
    template = gettext_noop("机构“{code}”的区划不在上级机构的区划之内。")


class UnitTooDeep(Refusal):
    template = gettext_noop("机构“{code}”的层级过深。")


class CreditCodeFaulty(Refusal):
    template = gettext_noop("统一社会信用代码“{code}”有误：{fault}")


class PersonUnknown(Refusal):
    template = gettext_noop("没有这个用户，或已停用。")


class PeriodEmpty(Refusal):
    template = gettext_noop("失效日期必须晚于生效日期。")


class PostToOneself(Refusal):
    template = gettext_noop("不能给自己任命岗位，请由另一位安全管理员办理。")


class PostOverlaps(Refusal):
    template = gettext_noop("该人员在此期间已担任同一岗位（{start} 起）。")


class AdminRolesApart(Refusal):
    template = gettext_noop("系统管理员、安全管理员和审计员须由不同人员担任。")


class PostUnknown(Refusal):
    template = gettext_noop("没有这个岗位。")


class PostAlreadyEnded(Refusal):
    template = gettext_noop("该岗位已于 {on} 失效。")


class EndInThePast(Refusal):
    template = gettext_noop("岗位不能从过去的日期起失效；最早为 {earliest}。")


class DelegationToOneself(Refusal):
    template = gettext_noop("不能把岗位委托给自己。")


class DelegationNotByHolder(Refusal):
    template = gettext_noop("只能委托本人担任的岗位。")


class DelegationBackdated(Refusal):
    template = gettext_noop("委托不能从过去的日期开始；最早为 {earliest}。")


class RoleNotDelegable(Refusal):
    template = gettext_noop("该岗位不得委托他人行使。")


class PostNotHeld(Refusal):
    template = gettext_noop("委托人在委托期间并不担任该岗位。")


class GroundMissing(Refusal):
    template = gettext_noop("请填写委托依据。")


class DelegationUnknown(Refusal):
    template = gettext_noop("没有这项委托。")


class DelegationAlreadyOver(Refusal):
    template = gettext_noop("该委托已于 {on} 终止。")
