"""The lives of cases: when each thing happens, as places on the axis of working time. Pure; drawn from measures."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from zhengxiao.surfaces.sample import measures

DECIDED = ("granted", "denied")
KINDS = ("hearing", "bidding", "auction", "inspection", "testing", "quarantine", "appraisal", "expert_review")


@dataclass(slots=True)
class Pause:
    """A special procedure between two places; `expected` working days were announced."""

    kind: str
    start: float
    end: float
    expected: int


@dataclass(slots=True)
class Life:
    """One case on the axis. What never happens is None; what lies beyond now is cut when the history is told."""

    received: float
    accepted: float | None = None
    told: float | None = None
    filed: float | None = None
    ended: float | None = None
    result: str = ""
    delivered: float | None = None
    archived: float | None = None
    pause: Pause | None = None
    extension: tuple[float, int] | None = None
    deemed: bool = False
    steps: list[float] = field(default_factory=list)


def workdays_of(amount: int, unit: str) -> int:
    """A limit in working days, natural days taken cautiously."""
    return amount if unit == "wd" else max(1, amount * 5 // 7 - 2)


def _after(rng: Random, place: float, days: int) -> float:
    """A place on the working day `days` later; on the same day a later one."""
    if days <= 0:
        return place + (int(place) + 1 - place) * (0.02 + 0.9 * rng.random())
    return int(place) + days + 0.02 + 0.95 * rng.random()


def _ending(rng: Random) -> str:
    draw = rng.random() * 10_000
    for name, share in measures.ENDINGS:
        draw -= share
        if draw < 0:
            return name
    return "granted"


def _used(rng: Random, promised: int, statutory: int | None) -> int:
    """Working days until the decision: mostly within the promise, a few late, very few past the law."""
    if rng.random() < measures.LATE_SHARE:
        if statutory is not None and rng.random() < measures.PAST_STATUTORY_SHARE:
            return max(statutory, promised) + rng.randint(1, 4)
        return promised + rng.randint(1, 3)
    if promised <= 1:
        return int(rng.random() < 0.55) if promised else 0
    return min(promised, max(1, round(promised * rng.betavariate(3, 1.7))))


def whole_life(
    rng: Random, day: int, *, promised: int, statutory: int | None, lengthens: bool, walked_in: bool
) -> Life:
    """A case received on the working day `day`, through to the archive. `walked_in`: at a counter.

    `lengthens`: a licence whose limits special procedures and extensions prolong.
    """
    life = Life(received=day + 0.01 + 0.93 * rng.random())
    ending = _ending(rng)
    if ending == "deemed":
        ending = "granted"
        if promised >= 8:
            return _deemed(rng, life, promised)
    if ending in ("refused", "not_required"):
        life.ended, life.result = _after(rng, life.received, rng.choice((0, 0, 1, 2, 3))), ending
        return _filed_away(rng, life)
    at_once = promised == 0 and walked_in
    if ending == "lapsed" or (not at_once and rng.random() < measures.SUPPLEMENT_SHARE):
        life.told = _after(rng, life.received, rng.choice((0, 1, 1, 2, 3)))
        if ending == "lapsed":
            life.ended, life.result = _after(rng, life.told, rng.randint(16, 19)), ending
            return _filed_away(rng, life)
        life.filed = _after(rng, life.told, rng.randint(1, 11))
    begun = life.filed or life.received
    lag = 0 if at_once else rng.choices((0, 1, 2, 3), (70, 24, 4, 2))[0]
    life.accepted = begun + (0.005 if at_once else 0) if at_once else _after(rng, begun, lag)
    return _reviewed(rng, life, ending, promised, statutory, lengthens)


def _deemed(rng: Random, life: Life, promised: int) -> Life:
    """Nobody spoke within five working days: accepted by law from its receipt, decided in what was left."""
    life.deemed, life.accepted = True, life.received
    life.ended, life.result = _after(rng, life.received, rng.randint(7, promised)), "granted"
    return _filed_away(rng, _stepped(rng, life, 2))


def _reviewed(
    rng: Random, life: Life, ending: str, promised: int, statutory: int | None, lengthens: bool
) -> Life:
    accepted = life.accepted
    assert accepted is not None  # noqa: S101 - asked before calling
    used, paused = _used(rng, promised, statutory), 0
    draw = rng.random()
    if lengthens and promised >= 3 and used >= 1 and draw < measures.PROCEDURE_SHARE * 4:
        paused = rng.randint(4, 18)
        start = _after(rng, accepted, rng.randint(1, max(1, min(used, promised) - 1)))
        end = _after(rng, start, paused)
        life.pause = Pause(rng.choice(KINDS), start, end, paused + rng.randint(0, 5))
        paused = int(end) - int(start)
        used = max(used, int(start) - int(accepted) + 1)
    elif lengthens and promised >= 5 and draw > 1 - measures.EXTENSION_SHARE:
        amount = rng.randint(3, 10)
        life.extension = (_after(rng, accepted, promised - 2), amount)
        used = promised - 1 + rng.randint(1, amount)
    if promised == 0 and used == 0:
        life.ended = min(accepted + 0.01 + 0.1 * rng.random(), int(accepted) + 0.995)
    else:
        life.ended = _after(rng, accepted, used + paused)
    if life.ended <= accepted:
        life.ended = accepted + 0.001
    if ending in ("withdrawn", "terminated"):
        life.pause = life.extension = None
        life.ended = accepted + (life.ended - accepted) * rng.uniform(0.2, 0.9)
    life.result = ending
    return _filed_away(rng, _stepped(rng, life, 2 if promised <= 2 else 3))


def _stepped(rng: Random, life: Life, count: int) -> Life:
    """When the steps of the review end: the last one with the decision, none during a special procedure."""
    assert life.accepted is not None  # noqa: S101 - asked before calling
    assert life.ended is not None  # noqa: S101
    begin = life.pause.end if life.pause else life.accepted
    span = life.ended - begin
    places = [begin + span * (number + rng.uniform(0.2, 0.8)) / count for number in range(count - 1)]
    life.steps = [*places, life.ended] if life.result in DECIDED else places
    return life


def _filed_away(rng: Random, life: Life) -> Life:
    """Delivery (a decision only) within days, the archive some weeks later."""
    assert life.ended is not None  # noqa: S101 - asked before calling
    last = life.ended
    if life.result in DECIDED:
        days = rng.choices((0, 1, 2, 3, 5, 8), (62, 20, 9, 5, 3, 1))[0]
        last = life.delivered = _after(rng, life.ended, days)
    life.archived = _after(rng, last, rng.randint(15, 25))
    return life


def open_life(rng: Random, target: str, now: float, *, promised: int, statutory: int | None) -> Life:
    """A case that shows `target` at `now`: set up backwards, still running."""
    if target in ("received", "overlooked", "supplementing"):
        return _at_the_gate(rng, target, now)
    if target == "undelivered":
        ended = _back(rng, now, rng.randint(1, 9))
        life = Life(_back(rng, ended, promised + 1), ended=ended, result="granted")
        life.accepted = life.received + 0.01
        return _stepped(rng, life, 2)
    if target == "suspended":
        return _suspended(rng, now, promised)
    if target == "extended":
        amount = rng.randint(5, 10)
        accepted = _back(rng, now, promised + rng.randint(0, amount - 3))
        life = Life(accepted - 0.005, accepted=accepted)
        life.extension = (accepted + promised - 1 - 0.2 * rng.random(), amount)
        return _under_way(rng, life, now)
    last = statutory if statutory is not None else promised + 5
    passed = {
        "green": rng.randint(0, max(promised - 3, 0)),
        "blue": rng.randint(max(promised - 2, 1), max(promised, 1)),
        "yellow": rng.randint(promised + 1, min(promised + 4, last)) if promised < last else promised + 1,
        "red": last + rng.randint(1, 6),
    }[target]
    accepted = _back(rng, now, passed)
    received = int(accepted) + (accepted - int(accepted)) * rng.uniform(0.2, 0.9)
    return _under_way(rng, Life(received, accepted=accepted), now)


def _back(rng: Random, place: float, days: int) -> float:
    """A place `days` working days earlier, always before `place`."""
    if days <= 0:
        return (
            int(place) + (place - int(place)) * rng.uniform(0.1, 0.9) if place > int(place) else place - 0.3
        )
    return int(place) - days + 0.05 + 0.9 * rng.random()


def _under_way(rng: Random, life: Life, now: float) -> Life:
    assert life.accepted is not None  # noqa: S101 - asked before calling
    if now - life.accepted > 1 and rng.random() < 0.75:
        life.steps = [life.accepted + (now - life.accepted) * rng.uniform(0.2, 0.8)]
    return life


def _at_the_gate(rng: Random, target: str, now: float) -> Life:
    if target == "overlooked":
        # The five days are over: the sweep will find it and the law accept it.
        return Life(_back(rng, now, rng.randint(6, 8)))
    if target == "received":
        return Life(_back(rng, now, rng.choices((0, 1, 2, 3, 4, 5), (24, 25, 19, 14, 10, 8))[0]))
    told = _back(rng, now, rng.choices((1, 3, 6, 9, 12, 14), (30, 25, 18, 12, 10, 5))[0])
    return Life(told - 0.01 - rng.random(), told=told)


def _suspended(rng: Random, now: float, promised: int) -> Life:
    begun = rng.randint(1, 12)
    start = _back(rng, now, begun)
    accepted = start - rng.random() * max(promised - 2, 0.5) - 0.02
    expected = begun + rng.choices((0, 2, 4, 8, 12, 20), (4, 8, 18, 30, 25, 15))[0] + 1
    life = Life(accepted - 0.01, accepted=accepted)
    life.pause = Pause(rng.choice(KINDS), start, now + expected, expected)
    return life
