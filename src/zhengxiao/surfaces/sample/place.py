"""The sample city's places, offices and people, written through the kernel's faces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from zhengxiao.kernel.identity.api import NewUser, users_bulk_create
from zhengxiao.kernel.orgs.api import (
    NewPost,
    NewRegion,
    NewUnit,
    Region,
    Unit,
    posts_bulk_create,
    regions_bulk_create,
    units_bulk_create,
)
from zhengxiao.lib.actors import SYSTEM, Role
from zhengxiao.surfaces.sample import words
from zhengxiao.surfaces.sample.accounts import ACCOUNTS, PASSWORD
from zhengxiao.surfaces.sample.codes import credit_code

HANDLERS_PER_OFFICE = 3
CLERKS_PER_WINDOW = 2


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff as histories need it."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Seat:
    """A department with all that a case there refers to."""

    code: str
    office: words.Office
    letter: str
    region_id: int
    region_code: str
    department_id: int
    name: str
    credit: str
    section_id: int
    section_name: str
    windows: tuple[tuple[int, tuple[Person, ...]], ...]
    handlers: tuple[Person, ...]
    head: Person

    @property
    def level(self) -> int:
        """Level of government as item codes count it: city 3, district 4."""
        return 3 if self.letter == "C" else 4


@dataclass
class Place:
    """The city as written."""

    regions: dict[str, Region]
    units: dict[str, Unit]
    accounts: dict[str, Person] = field(default_factory=dict)
    seats: list[Seat] = field(default_factory=list)

    @property
    def region_codes(self) -> dict[int, str]:
        return {region.pk: region.code for region in self.regions.values()}


LETTERS = (("C", *words.CITY, "市"), *words.DISTRICTS)


def offices_at(letter: str) -> list[words.Office]:
    """Which departments a level has; justice, market, forest and water sit in the districts only."""
    return [office for office in words.OFFICES if office.at_city or letter != "C"]


def _regions() -> list[NewRegion]:
    rows = [NewRegion(*words.PROVINCE), NewRegion(*words.CITY, words.PROVINCE[0])]
    above = {letter: code for letter, code, _name, _short in words.DISTRICTS}
    rows += [NewRegion(code, name, words.CITY[0]) for _letter, code, name, _short in words.DISTRICTS]
    return rows + [NewRegion(code, name, above[letter]) for letter, code, name in words.TOWNS]


def _units() -> Iterator[NewUnit]:
    serial = 10_000_000
    for letter, region, name, short in LETTERS:
        yield NewUnit(
            f"{letter}-OFFICE", f"{name}人民政府办公室", "department", region, short_name=f"{short}政府办"
        )
        yield NewUnit(
            f"{letter}-CENTRE", f"{name}政务服务中心", "centre", region, short_name=f"{short}政务中心"
        )
        for number, window in enumerate(words.WINDOWS, start=1):
            code = f"{letter}-CENTRE-W{number}"
            yield NewUnit(
                code, f"{name}政务服务中心{window}", "window", region, f"{letter}-CENTRE", short_name=window
            )
        for office in offices_at(letter):
            serial += 1
            code = f"{letter}-{office.stem}"
            yield NewUnit(
                code, f"{name}{office.name}", "department", region,
                short_name=f"{short}{office.name}", credit_code=credit_code("11", region, serial),
            )  # fmt: skip
            for number, section in enumerate(("许可科", "综合科"), start=1):
                yield NewUnit(f"{code}-S{number}", f"{name}{office.name}{section}", "section", region, code,
                              short_name=f"{office.sign}{section}")  # fmt: skip
    for number, (_letter, code, name) in enumerate(words.TOWNS, start=1):
        yield NewUnit(f"T{number}", f"{name}便民服务中心", "centre", code, short_name=f"{name[4:]}便民中心")


def names_of_staff() -> Iterator[str]:
    """王文示例, 李文示例 …: as many as there are; nobody is called that."""
    for given in words.GIVEN:
        for surname in words.SURNAMES:
            yield f"{surname}{given}示例"


def _staff() -> list[tuple[str, str, Role, str]]:
    """(username, name, role, unit) of everybody beside the sample accounts."""
    names = names_of_staff()
    rows: list[tuple[str, str, Role, str]] = []
    for letter, *_rest in LETTERS:
        for number in range(1, len(words.WINDOWS) + 1):
            unit = f"{letter}-CENTRE-W{number}"
            rows += [
                (f"{unit}.{n}".lower(), next(names), Role.WINDOW_CLERK, unit)
                for n in range(1, CLERKS_PER_WINDOW + 1)
            ]
        for office in offices_at(letter):
            unit = f"{letter}-{office.stem}"
            rows.append((f"{unit}.head".lower(), next(names), Role.DEPARTMENT_HEAD, unit))
            rows += [
                (f"{unit}.{n}".lower(), next(names), Role.APPROVER, f"{unit}-S1")
                for n in range(1, HANDLERS_PER_OFFICE + 1)
            ]
        rows.append((f"{letter}-office.1".lower(), next(names), Role.SUPERVISOR, f"{letter}-OFFICE"))
    return rows


def place_write(*, since: date, with_password: bool, at: datetime) -> Place:
    """Write regions, units, accounts and posts (valid from `since`). Without password nobody can sign in."""
    regions = regions_bulk_create(_regions(), actor=SYSTEM, at=at)
    units = units_bulk_create(_units(), actor=SYSTEM, at=at)
    staff = _staff()
    named = users_bulk_create(
        [NewUser(account.username, account.name) for account in ACCOUNTS],
        password=PASSWORD if with_password else None,
        is_public=True,
        actor=SYSTEM,
        at=at,
    )
    others = users_bulk_create(
        [NewUser(username, name) for username, name, _role, _unit in staff],
        password=None,
        actor=SYSTEM,
        at=at,
    )
    held = [(user, account.role, account.unit) for user, account in zip(named, ACCOUNTS, strict=True)]
    held += [(user, role, unit) for user, (_u, _n, role, unit) in zip(others, staff, strict=True)]
    posts_bulk_create(
        [NewPost(user.pk, units[unit].pk, role, since) for user, role, unit in held], actor=SYSTEM, at=at
    )
    place = Place(regions, units, {user.username: Person(user.pk, user.display_name) for user in named})
    by_unit: dict[str, list[Person]] = {}
    for user, _role, unit in held:
        by_unit.setdefault(unit, []).append(Person(user.pk, user.display_name))
    place.seats = [
        _seat(place, by_unit, letter, office) for letter, *_rest in LETTERS for office in offices_at(letter)
    ]
    return place


def _seat(place: Place, by_unit: dict[str, list[Person]], letter: str, office: words.Office) -> Seat:
    """A department receives at two windows of its service centre; so each window receives for several."""
    code = f"{letter}-{office.stem}"
    department, section = place.units[code], place.units[f"{code}-S1"]
    first = words.OFFICES.index(office) % len(words.WINDOWS)
    windows = [f"{letter}-CENTRE-W{(first + step) % len(words.WINDOWS) + 1}" for step in (0, 1)]
    return Seat(
        code=code,
        office=office,
        letter=letter,
        region_id=department.region_id,
        region_code=department.region.code,
        department_id=department.pk,
        name=department.name,
        credit=department.credit_code,
        section_id=section.pk,
        section_name=section.short_name,
        windows=tuple((place.units[window].pk, tuple(by_unit[window])) for window in windows),
        handlers=tuple(by_unit[f"{code}-S1"]),
        head=by_unit[code][0],
    )
