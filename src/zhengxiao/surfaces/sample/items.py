"""Which items the sample city offers: drawn from the measured distribution, the same for the same seed. No database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import TypeVar

from zhengxiao.backbone.catalogue.api import ItemDraft, Material, VersionContent
from zhengxiao.surfaces.sample import measures, words
from zhengxiao.surfaces.sample.codes import basic_code, implementation_code
from zhengxiao.surfaces.sample.place import Seat

DIRECTORY_SIZE = 160
ADOPTED = {"C": 0.55, "A": 0.96, "B": 0.9}
"""The share of the directory each level takes over; the rest waits to be claimed or is declined."""
DECLINED_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Limit:
    """Statutory and promised limit with unit; `statutory` None: the law sets none."""

    statutory: int | None
    promised: int
    unit: str = "wd"

    @property
    def instant(self) -> bool:
        return self.promised == 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the basic directory."""

    office: int
    code: str
    task_type: str
    name: str
    limit: Limit
    article: int
    materials: tuple[str, ...]

    @property
    def steps(self) -> tuple[str, ...]:
        return words.STEPS if self.limit.promised > 2 else words.STEPS[:1] + words.STEPS[2:]


@dataclass(frozen=True, slots=True)
class Offer:
    """An entry as one department offers it (None: an item of its own, outside the directory)."""

    seat: Seat
    entry: Entry
    draft: ItemDraft
    in_directory: bool = True


def shares(total: int, weights: Sequence[int], least: int = 1) -> list[int]:
    """`total` split in proportion, each part at least `least`; the largest takes what rounding leaves."""
    whole = sum(weights)
    parts = [max(least, round(total * weight / whole)) for weight in weights]
    largest = parts.index(max(parts))
    parts[largest] += total - sum(parts)
    return parts


T = TypeVar("T")


def _spread(rng: Random, rows: Iterable[tuple[T, int]], count: int) -> list[T]:
    """`count` values in the proportions of the table, in random order: exact shares, not drawn ones."""
    table = list(rows)
    values: list[T] = []
    cumulative, whole = 0.0, sum(weight for _v, weight in table)
    for value, weight in table:
        before = round(cumulative)
        cumulative += count * weight / whole
        values += [value] * (round(cumulative) - before)
    rng.shuffle(values)
    return values[:count]


def _limits(rng: Random, types: Sequence[str]) -> Iterator[Limit]:
    pairs = _spread(rng, (((s, p), n) for s, p, n in measures.LIMITS), len(types))
    natural = {rng.randrange(len(types)) for _ in range(round(len(types) * measures.NATURAL_SHARE))}
    for number, (pair, task_type) in enumerate(zip(pairs, types, strict=True)):
        statutory, promised = pair
        if number in natural:
            yield Limit(*measures.NATURAL_DAYS[number % len(measures.NATURAL_DAYS)], unit="d")
            continue
        if promised == 1 and rng.random() < measures.INSTANT_SHARE:
            promised = 0
        none = task_type == "20" and rng.random() < measures.NO_STATUTORY_SHARE
        yield Limit(None if none else statutory, promised)


def directory(rng: Random) -> list[Entry]:
    """The basic directory of the province."""
    counts = shares(DIRECTORY_SIZE, [office.share for office in words.OFFICES], least=3)
    types = _spread(rng, measures.TASK_TYPES, DIRECTORY_SIZE)
    limits = list(_limits(rng, types))
    entries: list[Entry] = []
    for office, count in enumerate(counts):
        used: set[str] = set()
        for main in range(1, count + 1):
            place = len(entries)
            name = _name(rng, words.OFFICES[office], types[place], used)
            entries.append(
                Entry(
                    office=office,
                    code=basic_code(types[place], office + 1, main),
                    task_type=types[place],
                    name=name,
                    limit=limits[place],
                    article=rng.randint(5, 60),
                    materials=tuple(sorted(rng.sample(words.MATERIALS, rng.randint(2, 4)))),
                )
            )
    return entries


def _name(rng: Random, office: words.Office, task_type: str, used: set[str]) -> str:
    names = [subject + act for act in words.ACTS[task_type] for subject in office.subjects]
    free = [name for name in names if name not in used] or [f"{names[0]}（{len(used)}）"]
    # The first acts of a type are the usual ones: issue before change, change before renewal.
    name = free[int(len(free) * rng.random() ** 2)]
    used.add(name)
    return name


def content_of(entry: Entry, limit: Limit, *, online: bool) -> VersionContent:
    """What a version says of an entry."""
    return VersionContent(
        name=entry.name,
        task_type=entry.task_type,
        kind="instant" if limit.instant else "promised",
        legal_basis=words.LEGAL_BASIS.format(n=entry.article),
        conditions=words.CONDITIONS,
        process_steps=entry.steps,
        statutory_amount=limit.statutory,
        statutory_unit="" if limit.statutory is None else limit.unit,
        statutory_none=limit.statutory is None,
        promised_amount=limit.promised,
        promised_unit=limit.unit,
        visits=0 if online else 1,
        has_fee=False,
        location="政务服务中心一楼",
        office_hours="工作日 9:00–12:00，13:30–17:30",
        consult_phone="000-12345",
        service_objects=("自然人", "企业法人"),
        is_online=online,
        is_express=True,
        is_bookable=True,
        materials=tuple(Material(name) for name in entry.materials),
    )


def draft_of(seat: Seat, entry: Entry, content: VersionContent) -> ItemDraft:
    """The entry as an item of this department, with a lawful implementation code."""
    code = implementation_code(seat.credit, seat.level, entry.code)
    return ItemDraft(
        code=code,
        scheme="implementation_31",
        department=seat.name,
        credit_code=seat.credit,
        basic_code=entry.code,
        basic_name=entry.name,
        main_name="",
        level=str(seat.level),
        local_catalog_code="",
        content=content,
        warnings=(),
    )


def _deviating(content: VersionContent, number: int) -> VersionContent:
    """A deliberate departure from the directory, for the comparison of the ten elements to find."""
    if number % 4 == 0:
        return replace(content, materials=(*content.materials, Material("本区加收的说明材料")))
    if number % 4 == 1:
        return replace(content, name=f"{content.name}（本区）")
    if number % 4 == 2 and content.statutory_amount is not None:
        return replace(content, statutory_amount=content.statutory_amount + 5)
    return replace(content, legal_basis=words.LEGAL_BASIS.format(n=99))


def offers_of(rng: Random, entries: Sequence[Entry], seats: Sequence[Seat]) -> list[Offer]:
    """Which department offers which entry: the city half of them, the districts nearly all, twelve in deviation."""
    by_code = {seat.code: seat for seat in seats}
    offers: list[Offer] = []
    for letter, share in ADOPTED.items():
        for entry in entries:
            seat = by_code.get(f"{letter}-{words.OFFICES[entry.office].stem}")
            if seat is None or rng.random() >= share:
                continue
            limit = entry.limit
            if letter == "A" and limit.promised > 4 and rng.random() < 0.3:
                # A shorter promise than elsewhere is the one departure the rules permit.
                limit = replace(limit, promised=limit.promised - 2)
            content = content_of(entry, limit, online=rng.random() < 0.8)
            if letter == "B" and len(offers) % 11 == 0:
                content = _deviating(content, len(offers) // 11)
            offers.append(Offer(seat, entry, draft_of(seat, entry, content)))
    return offers + _own_offers(by_code["A-APPROVAL"])


def _own_offers(seat: Seat) -> list[Offer]:
    """Items of district A outside the directory, with a limit for each step."""
    offers = []
    for main, subject in enumerate(
        ("联合踏勘", "多图联审", "竣工联合验收", "一业一证", "容缺受理", "帮办代办"), start=901
    ):
        limit = Limit(20, 8 if main % 2 else 5)
        code = basic_code("10", words.OFFICES.index(seat.office) + 1, main)
        entry = Entry(
            words.OFFICES.index(seat.office),
            code,
            "10",
            f"{subject}事项办理",
            limit,
            12,
            ("申请表", "承诺书"),
        )
        stages: tuple[object, ...] = (
            {"name": "审查", "term": "2wd"}, {"name": "审核", "term": "2wd"}, {"name": "决定", "term": "1wd"},
        )  # fmt: skip
        content = replace(content_of(entry, limit, online=True), process_steps=stages)
        draft = replace(draft_of(seat, entry, content), basic_code="")
        offers.append(Offer(seat, entry, draft, in_directory=False))
    return offers


def shortened(offers: Sequence[Offer]) -> list[Offer]:
    """Two items whose promise was shortened in the middle of the year: old cases keep the old limit."""
    long = [o for o in offers if o.draft.content.promised_amount and o.draft.content.promised_amount >= 8]
    chosen = [o for o in long if o.seat.letter == "A"][:1] + [o for o in long if o.seat.letter == "B"][:1]
    fresh = []
    for offer in chosen:
        amount = (offer.draft.content.promised_amount or 0) // 2
        content = replace(offer.draft.content, promised_amount=amount)
        fresh.append(replace(offer, draft=replace(offer.draft, content=content)))
    return fresh
