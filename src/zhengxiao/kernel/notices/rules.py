"""Who hears of which warning: a ladder as data, and the pure choice of recipients. No Django."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from zhengxiao.lib.actors import Role


class Level(StrEnum):
    """How urgent a notice is; the colours are those of the lights."""

    INFO = "info"
    BLUE = "blue"
    YELLOW = "yellow"
    RED = "red"


class Reach(StrEnum):
    """Where a seat is looked for, seen from the unit that owns the clock."""

    UNIT = "unit"  # at the unit itself
    ABOVE = "above"  # nearest upwards: unit, section, department
    REGION = "region"  # nearest upwards among the regions


@dataclass(frozen=True, slots=True)
class Seat:
    """Everybody who holds `role` within `reach`."""

    role: Role
    reach: Reach


@dataclass(frozen=True, slots=True)
class Holder:
    """A person in a seat; `distance` 0 is the unit (or its region) itself, larger is further up."""

    user_id: int
    distance: int


OWNER = "owner"
Rung = tuple[Seat | str, ...]
Ladder = Mapping[Level, Rung]

# CONFIG. Domain reference 3.3: blue to the handler and the window's chief, yellow to the department's head,
# red to the head and the supervisors. There is no post "window chief": the unit's approvers stand for it.
LADDER: Ladder = {
    Level.INFO: (OWNER,),
    Level.BLUE: (OWNER, Seat(Role.APPROVER, Reach.UNIT)),
    Level.YELLOW: (OWNER, Seat(Role.DEPARTMENT_HEAD, Reach.ABOVE)),
    Level.RED: (OWNER, Seat(Role.DEPARTMENT_HEAD, Reach.ABOVE), Seat(Role.SUPERVISOR, Reach.REGION)),
}
# A clock that nobody owns yet lies in the unit's pool: those who may take it hear of it in the owner's place.
POOL: Rung = (Seat(Role.WINDOW_CLERK, Reach.UNIT), Seat(Role.APPROVER, Reach.UNIT))

Seats = Mapping[tuple[Role, Reach], Sequence[Holder]]


def recipients(level: Level, owner_id: int | None, seats: Seats, ladder: Ladder = LADDER) -> frozenset[int]:
    """User ids that hear of a warning. `seats` holds who was found for each role and reach.

    For ABOVE and REGION only the nearest holders count: a warning goes one step up, not to everybody above.
    """
    found: set[int] = set()
    for place in rung_of(level, owner_id, ladder):
        if isinstance(place, Seat):
            found |= _nearest(seats.get((place.role, place.reach), ()))
        elif owner_id is not None:
            found.add(owner_id)
    return frozenset(found)


def rung_of(level: Level, owner_id: int | None, ladder: Ladder = LADDER) -> Rung:
    """The places to look at: the ladder's, with the pool in place of an absent owner."""
    rung = ladder.get(level, ())
    return rung if owner_id is not None or not rung else POOL + rung


def level_of(fact: str, light: str) -> Level:
    """Warnings and breaches carry the colour of the light that was reached; everything else informs."""
    if fact in {"clock.warned", "clock.breached"} and light in set(Level):
        return Level(light)
    return Level.INFO


def _nearest(holders: Sequence[Holder]) -> set[int]:
    nearest = min((holder.distance for holder in holders), default=0)
    return {holder.user_id for holder in holders if holder.distance == nearest}
