"""Verbs on parties: find or register. What is sealed is shown by `looks`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from zhengxiao.backbone.parties import permissions, rules
from zhengxiao.backbone.parties.facts import PARTY
from zhengxiao.backbone.parties.keyring import sealing_ring
from zhengxiao.backbone.parties.models import Party
from zhengxiao.backbone.parties.rules import KIND_LABELS, PartyKind
from zhengxiao.kernel.access.api import require
from zhengxiao.kernel.jobs.api import bulk_insert
from zhengxiao.kernel.timeline.api import FactRow, Subject, record_many
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.refusals import Refusal, gettext_noop
from zhengxiao.lib.sealing import Keyring

ID, NAME, PHONE = "parties.id_number", "parties.contact_name", "parties.contact_phone"
SEALED = {ID: "id_sealed", NAME: "contact_name_sealed", PHONE: "contact_phone_sealed"}
OPENINGS = "parties.openings"
"""Not one value: the commitments of a case, opened in its proof file."""
WHAT_WORDS = {
    ID: gettext_noop("证件号码"),
    NAME: gettext_noop("联系人"),
    PHONE: gettext_noop("联系电话"),
    OPENINGS: gettext_noop("存证中的个人信息"),
}


class PartyNameMissing(Refusal):
    template = gettext_noop("请填写申请人名称。")


class PartyNumberFaulty(Refusal):
    template = gettext_noop("号码有误：{fault}")


class PartyKindUnknown(Refusal):
    template = gettext_noop("没有“{kind}”这种主体类型。")


@dataclass(frozen=True, slots=True)
class NewParty:
    """A party as given. `kind` empty: read from the credit code, else a person."""

    name: str
    kind: str = ""
    credit_code: str = ""
    id_type: str = ""
    id_number: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    region_id: int | None = None


def _id_purpose(id_type: str) -> str:
    """The same number of another type is another one."""
    return f"{ID}.{id_type}"


def id_indexes(id_type: str, number: str, ring: Keyring) -> list[str]:
    """The blind indexes an identity number is found by, one per key."""
    return ring.indexes(rules.clean_number(number), purpose=_id_purpose(id_type))


def phone_indexes(phone: str, ring: Keyring) -> list[str]:
    """The blind indexes a phone number is found by, one per key."""
    return ring.indexes(rules.clean_phone(phone), purpose=PHONE)


def sealed_anew(party: Party, ring: Keyring) -> dict[str, str]:
    """The sealed columns and indexes of a party under the current key. Raises KeyLost, SealBroken."""
    texts = {what: ring.open(getattr(party, column), purpose=what) for what, column in SEALED.items()}
    values = {column: ring.seal(texts[what], purpose=what) for what, column in SEALED.items()}
    values["id_index"] = ring.index(texts[ID], purpose=_id_purpose(party.id_type)) if texts[ID] else ""
    values["contact_phone_index"] = ring.index(texts[PHONE], purpose=PHONE)
    return values


def _party(row: NewParty, *, strict: bool, ring: Keyring, at: datetime) -> Party:
    """The unsaved row. `strict` refuses faulty numbers (entry); otherwise they become warnings (import)."""
    if not row.name.strip():
        raise PartyNameMissing(field="name")
    credit = rules.clean_number(row.credit_code)
    number = rules.clean_number(row.id_number)
    id_type = (row.id_type or "resident") if number else ""
    kind = row.kind or (rules.kind_of_credit_code(credit) if credit else PartyKind.PERSON.value)
    if kind not in KIND_LABELS:
        raise PartyKindUnknown(field="kind", kind=kind)
    faults = rules.number_faults(credit, id_type, number)
    if strict and faults:
        raise PartyNumberFaulty(field=faults[0][0], fault=faults[0][1])
    phone = rules.clean_phone(row.contact_phone)
    fits = len(credit) <= 18
    return Party(
        kind=str(kind),
        name=row.name.strip()[:300],
        credit_code=credit if fits else "",
        id_type=id_type,
        id_sealed=ring.seal(number, purpose=ID),
        id_index=ring.index(number, purpose=_id_purpose(id_type)) if number else "",
        id_masked=rules.mask_id(number)[:60],
        contact_name_sealed=ring.seal(row.contact_name.strip(), purpose=NAME),
        contact_name_masked=rules.mask_name(row.contact_name)[:100],
        contact_phone_sealed=ring.seal(phone, purpose=PHONE),
        contact_phone_index=ring.index(phone, purpose=PHONE),
        contact_phone_masked=rules.mask_phone(phone)[:40],
        region_id=row.region_id,
        warnings=[{"field": field, "text": text} for field, text in faults],
        created_at=at,
    )


def party_find_or_create(
    *, party: NewParty, actor: Actor, at: datetime, strict: bool = True, ring: Keyring | None = None
) -> Party:
    """The party with this credit code or identity number, registered if there is none.

    An organisation without numbers is found by name within its region; a person without numbers is always a new
    row (equal names are not equal people). What is known already is not overwritten.

    Raises NotPermitted, PartyNameMissing, PartyKindUnknown, and with `strict` PartyNumberFaulty.
    """
    require(actor, permissions.REGISTER)
    return parties_find_or_create([party], actor=actor, at=at, strict=strict, ring=ring)[0]


def parties_find_or_create(
    rows: Sequence[NewParty], *, actor: Actor, at: datetime, strict: bool = False, ring: Keyring | None = None
) -> list[Party]:
    """Many at once (imports), in order; equal rows give the same party. The caller has checked the permission."""
    used = ring or sealing_ring()
    wanted = [_party(row, strict=strict, ring=used, at=at) for row in rows]
    try:
        with transaction.atomic():
            return _found_or_made(_under_older_keys(wanted, rows, used), actor, at)
    except IntegrityError:
        # Somebody registered one of them meanwhile; now it is found.
        with transaction.atomic():
            return _found_or_made(_under_older_keys(wanted, rows, used), actor, at)


def _under_older_keys(wanted: list[Party], rows: Sequence[NewParty], ring: Keyring) -> list[Party]:
    """While rows are sealed anew, a person known under an older key is found by that key's index."""
    if not ring.older:
        return wanted
    older: dict[str, Party] = {}
    for party, row in zip(wanted, rows, strict=True):
        if party.id_index:
            for index in id_indexes(party.id_type, row.id_number, ring):
                older[index] = party
    ordered = sorted(older)
    for start in range(0, len(ordered), 500):
        known = Party.objects.filter(id_index__in=ordered[start : start + 500])
        for index, id_type in known.values_list("id_index", "id_type"):
            if older[index].id_type == id_type:
                older[index].id_index = index
    return wanted


Key = tuple[str, ...]


def _key(party: Party) -> Key | None:
    if party.credit_code:
        return ("credit", party.credit_code)
    if party.id_index:
        return ("id", party.id_type, party.id_index)
    if party.kind != PartyKind.PERSON:
        return ("name", party.kind, party.name, str(party.region_id))
    return None


def _known(wanted: Sequence[Party]) -> dict[Key, Party]:
    found: dict[Key, Party] = {}
    credit = {party.credit_code for party in wanted if party.credit_code}
    ids = {party.id_index for party in wanted if party.id_index}
    names = {party.name for party in wanted if (key := _key(party)) and key[0] == "name"}
    for field, values in (("name", names), ("id_index", ids), ("credit_code", credit)):
        ordered = sorted(values)
        for start in range(0, len(ordered), 500):
            lookup = {f"{field}__in": ordered[start : start + 500]}
            for party in Party.objects.filter(**lookup).order_by("-pk"):
                found |= dict.fromkeys(_keys_of(party, field), party)
    return found


def _keys_of(party: Party, field: str) -> list[Key]:
    if field == "credit_code":
        return [("credit", party.credit_code)]
    if field == "id_index":
        return [("id", party.id_type, party.id_index)]
    numberless = not party.credit_code and not party.id_index
    return [("name", party.kind, party.name, str(party.region_id))] if numberless else []


def _found_or_made(wanted: Sequence[Party], actor: Actor, at: datetime) -> list[Party]:
    known = _known(wanted)
    fresh: list[Party] = []
    result: list[Party] = []
    for party in wanted:
        key = _key(party)
        standing = known.get(key) if key is not None else None
        if standing is None:
            standing = party
            standing.pk = None
            fresh.append(party)
            if key is not None:
                known[key] = party
        result.append(standing)
    bulk_insert(Party, fresh)
    record_many(
        [
            FactRow(
                "parties.registered",
                Subject(PARTY, party.pk),
                actor,
                at,
                {"kind": KIND_LABELS[party.kind]},
                rows=[party],
            )
            for party in fresh
        ],
        recorded_at=at,
    )
    return result
