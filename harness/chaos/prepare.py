"""Make the small office that the chaos happens in. Run as a module with the installation's settings; tells what it made.

Besides the office: applications whose five days of acceptance are over (the first sweep finds them, the law accepts them),
licences that nobody has heard of yet,
and clocks of hours that reach their lights one by one while processes are being killed.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta

SCOPES = {
    "clerk": ["cases.view", "cases.receive", "cases.accept", "cases.withdraw", "cases.deliver"],
    "approver": ["cases.view", "cases.review", "cases.decide"],
    "head": [
        "cases.view",
        "cases.extend",
        "cases.review",
        "supervision.view",
        "supervision.explain",
        "supervision.appeal",
        "supervision.answer",
        "disclosures.view",
        "disclosures.edit",
        "disclosures.report",
    ],
    "supervisor": ["supervision.view", "supervision.rule_on", "supervision.order"],
    "sysadmin": ["imports.run", "imports.view", "cases.view"],
}


GRANTED = 16


def main() -> None:
    lapsed, ticking, spread = (int(word) for word in sys.argv[1:4])
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    from django.db import transaction

    from zhengxiao.backbone.cases.testing import case_world
    from zhengxiao.kernel.identity.api import user_by_username
    from zhengxiao.lib.actors import SYSTEM
    from zhengxiao.surfaces.openapi.services import client_register, token_issue

    now = datetime.now(UTC)
    tokens = {}
    with transaction.atomic():
        world = case_world()
        for name, scopes in SCOPES.items():
            user = user_by_username(name)
            client = client_register(
                name=name, owner=world.org.market, user=user, scopes=scopes, actor=SYSTEM, at=now
            )
            tokens[name] = token_issue(client=client, days=2, actor=SYSTEM, at=now)[1]
    _overdue(world, lapsed, now)
    _granted(world, GRANTED, now)
    _ticking(world, ticking, spread, now)
    print(json.dumps({"item": world.item.code, "tokens": tokens}))


def _overdue(world, number: int, now: datetime) -> None:
    from django.db import transaction

    with transaction.atomic():
        for place in range(number):
            at = now - timedelta(days=20, minutes=place)
            world.receive(at=at, summary=f"prepared lapsed {place}", applicant_name=f"示例企业{place}")


def _granted(world, number: int, now: datetime) -> None:
    """Licences granted just now: nobody has been told yet, so their duties to publish arise while processes are being killed."""
    from django.db import transaction

    with transaction.atomic():
        for place in range(number):
            at = now - timedelta(hours=1, minutes=place)
            case = world.receive(
                at=at, summary=f"prepared granted {place}", applicant_name=f"示例企业{place}"
            )
            for transition in ("accept", "start_review"):
                world.move(case, transition, at=at)
            world.move(case, "grant", at=at, data={"result_no": f"示许准〔2026〕{place + 100} 号"})


def _ticking(world, number: int, spread: int, now: datetime) -> None:
    """Clocks of 48 hours on one case: half of them soon blue (a quarter before the end), half of them soon late.

    They are of a kind that the shipped card rules turn into cards.
    """
    from django.db import transaction

    from zhengxiao.kernel.calendar.api import Term
    from zhengxiao.kernel.clock.api import Start, clock_start
    from zhengxiao.kernel.timeline.api import Subject
    from zhengxiao.lib.actors import SYSTEM

    with transaction.atomic():
        case = world.receive(at=now - timedelta(minutes=1), summary="prepared ticking")
        for place in range(number):
            soon = timedelta(seconds=spread * place / max(number, 1))
            started = now - timedelta(hours=48 if place % 2 else 36) + soon
            what = Start(
                Subject("case", case.pk),
                "cases.procedure",
                case.unit_id,
                case.calendar_key,
                term=Term.parse("48h"),
            )
            clock_start(what, actor=SYSTEM, at=now, started_at=started)


if __name__ == "__main__":
    main()
