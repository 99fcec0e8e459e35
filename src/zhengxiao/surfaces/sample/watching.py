"""The supervision rules of the sample city: most in force from the first day, some on trial, one proposal that waits."""

from __future__ import annotations

from datetime import datetime

from zhengxiao.kernel.access.api import actor_for
from zhengxiao.kernel.identity.api import user_by_username
from zhengxiao.lib.actors import SYSTEM, Actor
from zhengxiao.mechanisms.detection.api import (
    Draft,
    RuleVersion,
    back_test_now,
    install_rules,
    look_at_all,
    rule_draft,
    version_move,
)

IN_FORCE = ("swift", "supplement", "order", "process", "pause", "refile", "burst")
ON_TRIAL = ("off_hours", "month_end")
WHY = "示例：按上级监察规则设定。"


def watch_city(*, since: datetime, at: datetime) -> int:
    """Install the rules as of `since`, hold them against everything that was told, propose a stricter one; returns findings."""
    supervisor, leader = (_actor(name, since) for name in ("supervisor", "leader"))
    versions = {version.rule.code: version for version in install_rules(at=since)}
    for code in (*IN_FORCE, *ON_TRIAL):
        version_move(version_id=versions[code].pk, transition="try", actor=supervisor, at=since)
    for code in IN_FORCE:
        key = versions[code].pk
        back_test_now(version_ids=[key], actor=supervisor, at=since)
        version_move(
            version_id=key, transition="propose_activation", actor=supervisor, at=since, data={"note": WHY}
        )
        version_move(version_id=key, transition="activate", actor=leader, at=since)
    found = look_at_all(at=at).found
    _propose(versions, at)
    return found


def _actor(name: str, at: datetime) -> Actor:
    user = user_by_username(name)
    return SYSTEM if user is None else actor_for(user, at=at)


def _propose(versions: dict[str, RuleVersion], at: datetime) -> None:
    """A stricter draft held against the past, and a rule on trial whose activation waits for the leader."""
    supervisor = _actor("supervisor", at)
    swift = versions["swift"]
    draft = Draft(
        name=swift.name,
        level="red",
        parameters={"minutes": 120, "promised_days": 5},
        source=swift.source,
        template=swift.template,
        note="示例：放宽到两小时，看会多出哪些办件。",
    )
    stricter = rule_draft(code="swift", draft=draft, actor=supervisor, at=at)
    waiting = versions["month_end"]
    back_test_now(version_ids=[stricter.pk, waiting.pk], actor=supervisor, at=at)
    note = {"note": "示例：试运行以来的发现均经核实，提请启用。"}
    version_move(version_id=waiting.pk, transition="propose_activation", actor=supervisor, at=at, data=note)
