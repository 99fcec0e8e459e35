"""What a clock says on the timeline; the subject is whatever the clock is about."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.timeline.api import Fact

FACTS = (
    Fact("clock.started", _("起算"), _("{clock}起算：{term}，到期日 {due_on}"), "any"),
    Fact(
        "clock.paused",
        _("中止计时"),
        _("{clock}中止计时：{ground}（{legal_ground}），预计 {expected_days} 个工作日"),
        "any",
    ),
    Fact("clock.resumed", _("恢复计时"), _("{clock}恢复计时，到期日 {due_on}"), "any"),
    Fact("clock.cap_reached", _("中止到限"), _("{clock}中止已到上限，自 {since_at} 起按规则恢复计时"), "any"),
    Fact(
        "clock.extended",
        _("延期"),
        _("{clock}延长 {amount}（{legal_ground}），到期日由 {from_on} 改为 {due_on}"),
        "any",
    ),
    Fact("clock.handed_over", _("移交"), _("{clock}移交给{to_unit}"), "any"),
    Fact("clock.stopped", _("停止计时"), _("{clock}停止计时，用时 {used}"), "any"),
    Fact("clock.warned", _("预警"), _("{clock}进入{level_name}预警，到期日 {due_on}"), "any"),
    Fact("clock.breached", _("超期"), _("{clock}已超期，亮{level_name}，到期日 {due_on}"), "any"),
    Fact("clock.due_moved", _("到期日变动"), _("{clock}到期日由 {from_on} 改为 {due_on}：{why}"), "any"),
    Fact(
        "clock.calendar_proposed",
        _("日历版本提出"),
        _("日历 {key} 第 {number} 版提出：{source}"),
        "calendar_version",
    ),
    Fact(
        "clock.calendar_confirmed",
        _("日历版本确认"),
        _("日历 {key} 第 {number} 版确认，{moved} 个在办时限变动：{source}"),
        "calendar_version",
    ),
    Fact(
        "clock.calendar_rejected",
        _("日历版本退回"),
        _("日历 {key} 第 {number} 版退回：{reason}"),
        "calendar_version",
    ),
    Fact(
        "clock.rule_declared",
        _("时限规则启用"),
        _("时限规则“{rule}”第 {number} 版启用，自 {valid_from} 起生效"),
        "clock_rule",
    ),
    Fact(
        "clock.rule_revised",
        _("时限规则修订"),
        _("时限规则“{rule}”第 {number} 版，自 {valid_from} 起生效，预警策略 {policy}"),
        "clock_rule",
    ),
)
