"""Counting tries before they are checked. The caller proves afterwards that a try was right, or says that it was not."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from zhengxiao.kernel.identity.api import username_as_kept
from zhengxiao.kernel.signin import rules
from zhengxiao.kernel.signin.models import Session, Throttle
from zhengxiao.lib.refusals import Refusal, gettext_noop


class TooManyFailures(Refusal):
    template = gettext_noop(
        "这个账号在这里连续失败 {failures} 次，暂停到 {until}。请到时再试，或请安全管理员解除。"
    )

    def __init__(self, *, until: datetime, failures: int, now: datetime) -> None:
        self.seconds = math.ceil((until - now).total_seconds())
        local = timezone.localtime(until)
        super().__init__(until=f"{local:%H:%M:%S}", failures=failures)


class TooFast(Refusal):
    template = gettext_noop("这个账号此刻尝试过多，请 {seconds} 秒后再试。")

    def __init__(self, *, wait: timedelta) -> None:
        self.seconds = max(1, math.ceil(wait.total_seconds()))
        super().__init__(seconds=self.seconds)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a try comes from: the caller's address, and the browser's own mark if the account was opened in it before."""

    address: str
    device: str = ""
    browser: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A try that may be checked now. `is_last`: if it fails, the place is closed."""

    key: str
    is_last: bool
    until: datetime


def account_digest(name: str) -> str:
    """A keyed digest of a name as typed, so that unknown names can be counted without being kept."""
    kept = username_as_kept(name).lower()
    return salted_hmac("zhengxiao.signin.account", kept, algorithm="sha256").hexdigest()[:40]


def limits() -> rules.Limits:
    minutes = timedelta(minutes=settings.ZX_SIGN_IN_LOCK_MINUTES)
    return rules.Limits(settings.ZX_SIGN_IN_FAILURES, minutes)


def try_claim(*, account: str, origin: Origin, at: datetime) -> Claim:
    """Take one try at a password. Raises TooManyFailures, TooFast; the same for names that exist and that do not."""
    place = f"device:{origin.device}" if origin.device else rules.place_of_address(origin.address)
    return _claim(account=account, place=place, in_lane=not origin.device, at=at)


def proof_claim(*, user_id: int, what: str, at: datetime) -> Claim:
    """Take one try at something else that proves a person: a code, the password again. Raises TooManyFailures."""
    return _claim(account=_person(user_id), place=what, in_lane=False, at=at)


def _claim(*, account: str, place: str, in_lane: bool, at: datetime) -> Claim:
    key = _key(account, place)
    names = {key: account} | (
        {_key(account, lane): account for lane in ("fresh", "failed")} if in_lane else {}
    )
    with transaction.atomic():
        rows = _rows(names, at)
        own = rows[key]
        tries, bounds = rules.Tries(own.failures, own.last_at), limits()
        until = rules.locked_until(tries, bounds, at)
        if until is not None:
            raise TooManyFailures(until=until, failures=bounds.failures, now=at)
        if in_lane:
            _pass_lane(rows, account, is_fresh=own.failures == 0, at=at)
        tries = rules.counted(tries, bounds, at)
        Throttle.objects.filter(pk=own.pk).update(failures=tries.failures, last_at=at)
    return Claim(key, tries.failures >= bounds.failures, at + bounds.lock)


def _rows(names: dict[str, str], at: datetime) -> dict[str, Throttle]:
    """The counters, made where they are missing, held until the transaction ends."""
    found: dict[str, Throttle] = {}
    while len(found) < len(names):  # again only when a pruning took one away in between
        Throttle.objects.bulk_create(
            [Throttle(key=key, account=account, last_at=at) for key, account in names.items()],
            ignore_conflicts=True,
        )
        held = Throttle.objects.select_for_update().filter(key__in=names).order_by("key")
        found = {row.key: row for row in held}
    return found


def _pass_lane(rows: dict[str, Throttle], account: str, *, is_fresh: bool, at: datetime) -> None:
    lane = rows[_key(account, "fresh" if is_fresh else "failed")]
    burst = rules.FRESH_BURST if is_fresh else rules.FAILED_BURST
    pace = rules.paced(lane.free_at, at, burst=burst)
    if pace.free_at is None:
        raise TooFast(wait=pace.wait)
    Throttle.objects.filter(pk=lane.pk).update(free_at=pace.free_at, last_at=at)


def try_succeeded(claim: Claim) -> None:
    """The try was right: the place begins anew."""
    Throttle.objects.filter(key=claim.key).update(failures=0)


def tries_forget(*, name: str, user_id: int) -> int:
    """Open every place of an account again; how many were counted."""
    digests = (account_digest(name), _person(user_id))
    return Throttle.objects.filter(account__in=digests).delete()[0]


def closed_until(*, name: str, user_id: int, at: datetime) -> datetime | None:
    """Until when the last closed place of an account stays closed; None when every place is open."""
    digests, bounds = (account_digest(name), _person(user_id)), limits()
    counted = Throttle.objects.filter(account__in=digests, failures__gte=bounds.failures)
    untils = [rules.locked_until(rules.Tries(row.failures, row.last_at), bounds, at) for row in counted]
    return max((until for until in untils if until is not None), default=None)


def prune(at: datetime) -> None:
    """Drop counters that count nothing any more, and sessions whose time is over."""
    old = at - max(limits().lock, rules.LANE_INTERVAL * rules.FRESH_BURST)
    Throttle.objects.filter(last_at__lt=old).delete()
    Session.objects.filter(expire_date__lt=at).delete()


def _person(user_id: int) -> str:
    return f"user:{user_id}"


def _key(account: str, place: str) -> str:
    return salted_hmac("zhengxiao.signin.place", f"{account}\0{place}", algorithm="sha256").hexdigest()
