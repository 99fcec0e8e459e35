"""The face of the clock: what other packages may import."""

from __future__ import annotations

from zhengxiao.kernel.clock.declarations import (
    ExtensionRule,
    PauseGround,
    RuleSpec,
    close_rules,
    extension_rule_of,
    grounds_of,
    register_rules,
    rule_in_force,
)
from zhengxiao.kernel.clock.intake import PastClock, PastPause, build_clock
from zhengxiao.kernel.clock.models import Clock, ClockRow, ClockRule, ClockRung
from zhengxiao.kernel.clock.policies import GRAVITY, POLICIES, PRESETS, Light, policy_of
from zhengxiao.kernel.clock.projecting import term_of
from zhengxiao.kernel.clock.queries import (
    CalculationSheet,
    clocks_of,
    explain,
    explain_many,
    last_pause,
    lights_of,
)
from zhengxiao.kernel.clock.refusals import (
    ClockMovesBackward,
    ClockStopped,
    ExpectedDaysBeyondCap,
    ExtensionNotAllowed,
    ExtensionTooLate,
    ExtensionTooLong,
    ExtensionUsedUp,
    GroundUnknown,
    GroundUsedUp,
    NotPaused,
    NotRunning,
)
from zhengxiao.kernel.clock.reprojection import CalendarEffect, calendar_effect, reproject
from zhengxiao.kernel.clock.rulebook import (
    PolicyUnknown,
    RevisionInThePast,
    RuleUnknown,
    preset_adopt,
    rule_revise,
    rules_in_force,
)
from zhengxiao.kernel.clock.rules import Verb, gravest, light_at
from zhengxiao.kernel.clock.services import (
    Start,
    clock_extend,
    clock_hand_over,
    clock_pause,
    clock_resume,
    clock_start,
    clock_stop,
    clocks_start,
)
from zhengxiao.kernel.clock.sweeping import SweepResult, sweep
from zhengxiao.kernel.clock.versions import (
    calendar_confirm,
    calendar_propose_recorded,
    calendar_reject_recorded,
)

__all__ = [
    "GRAVITY",
    "POLICIES",
    "PRESETS",
    "CalculationSheet",
    "CalendarEffect",
    "Clock",
    "ClockMovesBackward",
    "ClockRow",
    "ClockRule",
    "ClockRung",
    "ClockStopped",
    "ExpectedDaysBeyondCap",
    "ExtensionNotAllowed",
    "ExtensionRule",
    "ExtensionTooLate",
    "ExtensionTooLong",
    "ExtensionUsedUp",
    "GroundUnknown",
    "GroundUsedUp",
    "Light",
    "NotPaused",
    "NotRunning",
    "PastClock",
    "PastPause",
    "PauseGround",
    "PolicyUnknown",
    "RevisionInThePast",
    "RuleSpec",
    "RuleUnknown",
    "Start",
    "SweepResult",
    "Verb",
    "build_clock",
    "calendar_confirm",
    "calendar_effect",
    "calendar_propose_recorded",
    "calendar_reject_recorded",
    "clock_extend",
    "clock_hand_over",
    "clock_pause",
    "clock_resume",
    "clock_start",
    "clock_stop",
    "clocks_of",
    "clocks_start",
    "close_rules",
    "explain",
    "explain_many",
    "extension_rule_of",
    "gravest",
    "grounds_of",
    "last_pause",
    "light_at",
    "lights_of",
    "policy_of",
    "preset_adopt",
    "register_rules",
    "reproject",
    "rule_in_force",
    "rule_revise",
    "rules_in_force",
    "sweep",
    "term_of",
]
