"""Clocks whose rows no entry holds, with what else is known of them: printed when `zx verify` has a finding."""

from __future__ import annotations

import json


def main() -> None:
    import django

    django.setup()
    from zhengxiao.backbone.cases.models import Case
    from zhengxiao.kernel.clock.api import Clock
    from zhengxiao.kernel.timeline.api import Entry

    held: set[int] = set()
    for text in Entry.objects.filter(rows__isnull=False).values_list("rows", flat=True):
        for name, versions in json.loads(text or "{}").items():
            if name == "clock":
                held |= {version[0] for version in versions}
    for clock in Clock.objects.exclude(pk__in=held).order_by("pk"):
        case = Case.objects.filter(pk=clock.subject_id).values_list("number", "source_id", "summary").first()
        mine = Entry.objects.filter(subject_kind="case", subject_id=clock.subject_id).order_by("pk")
        facts = [(entry.pk, entry.fact, len(entry.rows or "")) for entry in mine]
        print(f"clock {clock.pk} {clock.kind} of {clock.subject_id} {case}: {facts}")


if __name__ == "__main__":
    main()
