"""Looks at full numbers: each with its purpose, on record, counted, and told to the person concerned (PIPL art. 44, 51)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from zhengxiao.backbone.parties import permissions
from zhengxiao.backbone.parties.facts import PARTY
from zhengxiao.backbone.parties.keyring import sealing_ring
from zhengxiao.backbone.parties.models import PARTY_SCOPE, Look, LookTurn, Party
from zhengxiao.backbone.parties.rules import EXEMPT, PURPOSES
from zhengxiao.backbone.parties.services import SEALED, WHAT_WORDS
from zhengxiao.kernel.access.api import can, require
from zhengxiao.kernel.identity.api import User
from zhengxiao.kernel.orgs.api import local_day
from zhengxiao.kernel.timeline.api import Subject, changed, record
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.personal_numbers import refuse_personal_numbers
from zhengxiao.lib.refusals import NotPermitted, Refusal, StaleState, gettext_noop
from zhengxiao.lib.sealing import Keyring

HOUR = timedelta(hours=1)
SHORTEST_NOTE, LONGEST_NOTE = 4, 200
_TRIES = 5


class PurposeMissing(Refusal):
    template = gettext_noop(
        "请选择查看完整信息的用途，并写明具体事由（不少于 {least} 个字）。用途会记入日志，本人可以看到。"
    )


class NothingSealed(Refusal):
    template = gettext_noop("没有登记这项信息。")


class RevealLimitReached(Refusal):
    template = gettext_noop(
        "一小时内查看完整号码已达 {limit} 次上限，本次没有显示；已通知安全管理员和监督人员。"
    )


class AccountUnknown(Refusal):
    template = gettext_noop("没有可以关联的账号“{username}”。请核对本人的用户名。")


class AccountLinked(Refusal):
    template = gettext_noop("这个主体已经关联了本人账号。")


def party_reveal(
    *,
    party: Party,
    what: str,
    purpose: str,
    note: str,
    actor: Actor,
    at: datetime,
    about: Subject | None = None,
    ring: Keyring | None = None,
) -> str:
    """The full value of ID, NAME or PHONE. The look is written before the value is told: no record, no number.

    At most ZX_REVEALS_PER_HOUR in any sixty minutes per person; the first refusal of an hour is a fact of its own
    (parties.reveal_limit_reached), which supervision and the security administrator hear. Raises NotPermitted,
    PurposeMissing, PersonalNumbersFound (in the note), NothingSealed, RevealLimitReached, KeyLost, SealBroken, StaleState.
    """
    reason = _good_reason(party, purpose, note, actor)
    sealed = getattr(party, SEALED[what])
    if not sealed:
        raise NothingSealed
    text = (ring or sealing_ring()).open(sealed, purpose=what)
    _note(party, what, purpose, reason, actor, at, about)
    return text


def party_look(
    *,
    party: Party,
    what: str,
    purpose: str,
    note: str,
    actor: Actor,
    at: datetime,
    about: Subject | None = None,
) -> None:
    """Write a look at something of the party that is kept elsewhere, by the rules of `party_reveal`; show it only afterwards.

    Raises NotPermitted, PurposeMissing, PersonalNumbersFound (in the note), RevealLimitReached, StaleState.
    """
    _note(party, what, purpose, _good_reason(party, purpose, note, actor), actor, at, about)


def _good_reason(party: Party, purpose: str, note: str, actor: Actor) -> str:
    """The note as it is kept, of somebody who may look and says why."""
    require(actor, permissions.REVEAL)
    if not can(actor, permissions.REVEAL, party, PARTY_SCOPE):
        raise NotPermitted(action=permissions.POLICIES.labels[permissions.REVEAL])
    reason = note.strip()[:LONGEST_NOTE]
    if purpose not in PURPOSES or len(reason) < SHORTEST_NOTE:
        raise PurposeMissing(field="note" if purpose in PURPOSES else "purpose", least=SHORTEST_NOTE)
    refuse_personal_numbers(reason, field="note")
    return reason


def _note(
    party: Party, what: str, purpose: str, reason: str, actor: Actor, at: datetime, about: Subject | None
) -> None:
    for _try in range(_TRIES):
        if _noted(party, what, purpose, reason, actor, at, about):
            return
    raise StaleState


def _noted(
    party: Party, what: str, purpose: str, note: str, actor: Actor, at: datetime, about: Subject | None
) -> bool:
    """Write the look if it is within the limit; False when another look of the same person came between."""
    turn = _turn(actor)
    if turn is not None and _within_the_hour(turn.user_id, at) >= settings.ZX_REVEALS_PER_HOUR:
        _tell_once(turn, actor, at)
        raise RevealLimitReached(limit=settings.ZX_REVEALS_PER_HOUR)
    with transaction.atomic():
        if turn is not None:
            mine = LookTurn.objects.filter(user_id=turn.user_id, number=turn.number)
            if mine.update(number=turn.number + 1) != 1:
                return False
        hidden = local_day(at) + timedelta(days=settings.ZX_LOOKS_HIDDEN_DAYS) if purpose in EXEMPT else None
        Look.objects.create(
            party=party,
            what=what,
            purpose=purpose,
            note=note,
            subject_kind=about.kind if about else "",
            subject_id=about.id if about else None,
            user_id=actor.user_id,
            user_name=actor.name,
            unit_id=_unit(actor),
            at=at,
            hidden_until=hidden,
        )
        record(
            fact="parties.identity_revealed",
            subject=Subject(PARTY, party.pk),
            actor=actor,
            at=at,
            data={"what": WHAT_WORDS[what], "purpose": PURPOSES[purpose], "note": note}
            | ({"about": [about.kind, about.id]} if about else {}),
            unit_id=_unit(actor),
        )
    return True


def _turn(actor: Actor) -> LookTurn | None:
    """The counter of a person, read before the looks are counted; the platform itself has none."""
    if actor.user_id is None:
        return None
    LookTurn.objects.bulk_create([LookTurn(user_id=actor.user_id)], ignore_conflicts=True)
    return LookTurn.objects.get(pk=actor.user_id)


def _within_the_hour(user_id: int, at: datetime) -> int:
    return Look.objects.filter(user_id=user_id, at__gt=at - HOUR).count()


def _unit(actor: Actor) -> int | None:
    return next((grant.unit_id for grant in actor.grants), None)


def _tell_once(turn: LookTurn, actor: Actor, at: datetime) -> None:
    """One fact an hour: the alarm must be heard, not repeated for every try."""
    if turn.told_at is not None and turn.told_at > at - HOUR:
        return
    with transaction.atomic():
        if LookTurn.objects.filter(user_id=turn.user_id, told_at=turn.told_at).update(told_at=at) == 1:
            record(
                fact="parties.reveal_limit_reached",
                subject=Subject("user", turn.user_id),
                actor=actor,
                at=at,
                data={"name": actor.name, "limit": settings.ZX_REVEALS_PER_HOUR},
                unit_id=_unit(actor),
            )


def party_link_account(*, party: Party, username: str, actor: Actor, at: datetime) -> Party:
    """Say whose account the person's own is, after seeing the person; the owner then sees who looked.

    Once only. Raises NotPermitted, AccountUnknown, AccountLinked.
    """
    require(actor, permissions.LINK)
    if not can(actor, permissions.LINK, party, PARTY_SCOPE):
        raise NotPermitted(action=permissions.POLICIES.labels[permissions.LINK])
    user = (
        User.objects.filter(username=username.strip(), is_active=True).exclude(pk=actor.user_id or 0).first()
    )
    if user is None:
        raise AccountUnknown(field="username", username=username.strip()[:40])
    with transaction.atomic():
        if Party.objects.filter(pk=party.pk, account__isnull=True).update(account=user) != 1:
            raise AccountLinked(field="username")
        party.account = user
        about, rows = Subject(PARTY, party.pk), [changed(party, "account_id")]
        record(fact="parties.account_linked", subject=about, actor=actor, at=at, data={}, rows=rows)
    return party
