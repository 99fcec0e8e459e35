"""Somebody works for a while: cases come in, entries get their place, heads are signed and laid down outside.

Run as a module with an installation's settings: `python -m harness.writing OUTSIDE SECONDS`. Prints one JSON line per
moment: when it was over, how large the tree was, and its root.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path


def main() -> None:
    outside, seconds = Path(sys.argv[1]), float(sys.argv[2])
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    from zhengxiao.backbone.cases.testing import case_world
    from zhengxiao.kernel.proof.api import checkpoint_issue, sequence_all

    world = case_world()
    world.receive(at=datetime.now(UTC))
    sequence_all()
    checkpoint_issue(
        at=datetime.now(UTC), folder=outside
    )  # makes the signing key, which the backup then holds
    print("ready", flush=True)
    sys.stdin.readline()  # the base backup is being taken meanwhile
    until = time.monotonic() + seconds
    number = 0
    while time.monotonic() < until:
        number += 1
        at = datetime.now(UTC)
        world.receive(at=at, applicant_name=f"CANARY-示例企业{number}")
        sequence_all()
        head = checkpoint_issue(at=datetime.now(UTC), folder=outside)
        assert head is not None
        told = {"at": datetime.now(UTC).isoformat(), "size": head.size, "root": bytes(head.root).hex()}
        print(json.dumps(told), flush=True)
        time.sleep(0.25)


if __name__ == "__main__":
    main()
