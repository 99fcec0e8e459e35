"""What the pages of detection show, put together."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from zhengxiao.backbone.cases.api import Case, case_url
from zhengxiao.kernel.access.api import allows
from zhengxiao.kernel.jobs.api import job_by_id, runner_alive
from zhengxiao.kernel.orgs.api import unit_names
from zhengxiao.kernel.timeline.api import Subject, entries_for
from zhengxiao.kernel.ui.api import Panel, offers_of
from zhengxiao.kernel.workflow.api import lawful_moves
from zhengxiao.lib.actors import Actor
from zhengxiao.mechanisms.detection import permissions
from zhengxiao.mechanisms.detection.detectors import DETECTORS
from zhengxiao.mechanisms.detection.facts import VERSION
from zhengxiao.mechanisms.detection.ledger import LEVEL_WORDS, version_url
from zhengxiao.mechanisms.detection.models import BackTest, Finding
from zhengxiao.mechanisms.detection.queries import findings_of_case, precision_of, result_of
from zhengxiao.mechanisms.detection.words import evidence_lines, parameter_lines
from zhengxiao.mechanisms.detection.workflow import NAME, WORKFLOW


def case_panel(case_id: int, actor: Actor, at: datetime) -> Panel | None:
    """The findings on the page of a case, for those who may see them."""
    if not allows(actor, permissions.VIEW):
        return None
    findings = list(findings_of_case(case_id, actor)[:20])
    return Panel("detection/_panel.html", {"findings": findings}, order=60) if findings else None


def rule_context(version: Any, actor: Actor, at: datetime) -> dict[str, Any]:
    """A rule version: what it says, how well it does, what may be done with it."""
    detector = DETECTORS[version.rule.detector]
    moves = lawful_moves(workflow=NAME, obj=version, actor=actor, at=at)
    findings = f"{reverse('detection:findings')}?version={version.pk}"
    share = precision_of(version)
    departments = unit_names(version.scope.get("departments") or [])
    may_test = allows(actor, permissions.TRIAL)
    return {
        "version": version,
        "detector": detector,
        "state": WORKFLOW.state(version.state),
        "level": LEVEL_WORDS[version.level],
        "parameters": parameter_lines(detector, version.parameters),
        "departments": "、".join(departments.values()),
        "offers": offers_of(moves, lambda step: reverse("detection:rule-move", args=[version.pk, step.name])),
        "versions": version.rule.versions.order_by("-number") if may_test else [version],
        "findings_url": findings,
        "lifted_url": f"{findings}&outcome=lifted",
        "precision": None if share is None else f"{int(share * 1000) / 10:.1f}%",
        "tests": version.back_tests.select_related("asked_by").order_by("-pk")[:10] if may_test else [],
        "may_propose": allows(actor, permissions.PROPOSE),
        "may_test": may_test,
        "told": entries_for(Subject(VERSION, version.pk)),
    }


def finding_context(finding: Finding, actor: Actor) -> dict[str, Any]:
    """A finding with its evidence; the other cases it is about only as far as the actor may open them."""
    detector = DETECTORS[finding.rule.detector]
    members = finding.evidence.get("cases") or []
    others = Case.objects.visible_to(actor).filter(pk__in=[*members, finding.evidence.get("earlier_id") or 0])
    readable = allows(actor, permissions.RULES)
    return {
        "finding": finding,
        "detector": detector,
        "level": LEVEL_WORDS[finding.level],
        "case_url": case_url(finding.case),
        "rule_url": version_url(finding.version) if readable else "",
        "evidence": list(evidence_lines(detector, finding.evidence)),
        "parameters": parameter_lines(detector, finding.version.parameters),
        "others": [(case, case_url(case)) for case in others.order_by("decided_at", "pk")[:200]],
        "told_of": len(members),
    }


def back_test_context(test: BackTest, actor: Actor, at: datetime) -> dict[str, Any]:
    """A back-test: running with its progress, or done with its numbers."""
    detector = DETECTORS[test.version.rule.detector]
    job = job_by_id(test.job_id) if test.job_id else None
    done = test.state == BackTest.State.DONE
    result = result_of(test, actor) if done else None
    return {
        "test": test,
        "version": test.version,
        "detector": detector,
        "done": done,
        "job": job,
        "alive": runner_alive(at=at),
        "result": result,
        "columns": _columns(test),
        "cases_url": reverse("detection:back-test-cases", args=[test.pk]),
        "parameters": parameter_lines(detector, test.parameters),
    }


def _columns(test: BackTest) -> list[tuple[str, str]]:
    """(key, heading) of the numbers: what is compared with, only where something is in force."""
    if test.against_id is None:
        return [("new", _("发现"))]
    return [("new", _("新增")), ("same", _("相同")), ("gone", _("不再发现"))]
