"""Detectors by code: each module holds one pure way of looking at case histories."""

from __future__ import annotations

from collections.abc import Mapping

from zhengxiao.mechanisms.detection.detectors import (
    burst,
    month_end,
    off_hours,
    order,
    pause,
    process,
    refile,
    supplement,
    swift,
)
from zhengxiao.mechanisms.detection.rules import Detector

DETECTORS: Mapping[str, Detector] = {
    module.DETECTOR.code: module.DETECTOR
    for module in (swift, month_end, burst, supplement, order, process, pause, refile, off_hours)
}
