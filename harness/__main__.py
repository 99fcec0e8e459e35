"""python -m harness crash-points|two-writers|upgrade [words] — the harnesses that need one installation per database.

Prints what was tried on each database and exits 1 with a finding.
"""

from __future__ import annotations

import json
import sys

from harness.chaos.run import place
from harness.cluster import NoPostgres

MODULES = {
    "crash-points": ("harness.crash_points", ["all"]),
    "two-writers": ("harness.two_writers", ["1000"]),
    "upgrade": ("harness.upgrade", ["50"]),
}


def main() -> int:
    module, words = MODULES[sys.argv[1]]
    wrong = 0
    for vendor in ("sqlite", "postgresql"):
        try:
            with place(vendor) as (here, _cluster):
                told = json.loads(here.python("-m", module, *(sys.argv[2:] or words)))
        except NoPostgres:
            print("no PostgreSQL server here: not tried", flush=True)
            continue
        print(json.dumps({vendor: told}, ensure_ascii=False, indent=1), flush=True)
        wrong += sum(len(one["findings"]) for one in told)
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
