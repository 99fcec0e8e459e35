"""python -m harness.chaos [--kills N] [--database-kills N] [--seed N] [--on sqlite|postgresql|both]"""

from __future__ import annotations

import argparse
import json
import secrets
import signal
import sys

from harness.chaos.run import Plan, chaos


def main() -> int:
    parser = argparse.ArgumentParser(prog="harness.chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=100, help="of processes, on both databases together")
    parser.add_argument("--database-kills", type=int, help="of PostgreSQL itself; a twentieth by default")
    parser.add_argument("--seed", type=int, default=0, help="0: a new one, which is printed")
    parser.add_argument("--on", choices=("sqlite", "postgresql", "both"), default="both")
    asked = parser.parse_args()
    signal.signal(
        signal.SIGTERM, lambda number, frame: sys.exit(128 + number)
    )  # what was started ends with us
    seed = asked.seed or secrets.randbelow(10**6) + 1
    of_database = asked.database_kills if asked.database_kills is not None else max(1, asked.kills // 20)
    shares = {"both": (0.6, 0.4), "sqlite": (1.0, 0.0), "postgresql": (0.0, 1.0)}[asked.on]
    print(f"seed {seed}", flush=True)
    wrong = 0
    for vendor, share in zip(("sqlite", "postgresql"), shares, strict=True):
        kills = round(asked.kills * share)
        if not kills:
            continue
        plan = Plan(
            kills,
            of_database if vendor == "postgresql" else 0,
            seed,
            say=lambda words: print(words, flush=True),
        )
        outcome = chaos(vendor, plan)
        print(json.dumps(outcome.told(), ensure_ascii=False, indent=1), flush=True)
        wrong += len(outcome.findings)
    print("nothing lost, nothing twice, nothing half" if not wrong else f"{wrong} findings", flush=True)
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
