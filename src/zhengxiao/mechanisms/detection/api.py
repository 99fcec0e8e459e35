"""The face of detection: what surfaces and the command line may import."""

from __future__ import annotations

from zhengxiao.mechanisms.detection.backtests import back_test_now, back_test_request
from zhengxiao.mechanisms.detection.models import BackTest, Finding, Rule, RuleVersion
from zhengxiao.mechanisms.detection.running import Looked, look_at_all, look_nightly
from zhengxiao.mechanisms.detection.services import Draft, install_rules, rule_draft, version_move

__all__ = [
    "BackTest",
    "Draft",
    "Finding",
    "Looked",
    "Rule",
    "RuleVersion",
    "back_test_now",
    "back_test_request",
    "install_rules",
    "look_at_all",
    "look_nightly",
    "rule_draft",
    "version_move",
]
