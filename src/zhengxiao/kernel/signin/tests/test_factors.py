"""The second factor: codes by an independent reckoning of RFC 6238, recovery codes, and who takes it away."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime, timedelta

import pytest

from zhengxiao.kernel.access.testing import SampleOrg
from zhengxiao.kernel.identity.api import OwnAccount, User
from zhengxiao.kernel.signin.api import (
    CodeWrong,
    FactorAlreadySet,
    Origin,
    SecondFactorMissing,
    TooManyFailures,
    factor_begin,
    factor_check,
    factor_confirm,
    factor_reset,
    has_factor,
    recovery_codes_left,
    require_factor,
)
from zhengxiao.kernel.signin.models import RecoveryCode, SecondFactor
from zhengxiao.kernel.signin.tests.conftest import AT
from zhengxiao.kernel.timeline.api import Entry
from zhengxiao.lib.actors import Role
from zhengxiao.lib.refusals import NotPermitted

HERE = Origin("198.51.100.7")


def code_of(secret: str, at: datetime) -> str:
    """RFC 6238 and 4226, reckoned anew: what a telephone shows."""
    counter = int(at.timestamp()) // 30
    digest = hmac.new(base64.b32decode(secret), counter.to_bytes(8, "big"), hashlib.sha1).digest()
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


@pytest.fixture
def auditor(org: SampleOrg) -> User:
    return org.users[Role.AUDITOR]


def enrol(org: SampleOrg, user: User, at: datetime = AT) -> tuple[str, list[str]]:
    secret = factor_begin(user=user, at=at)
    codes = factor_confirm(
        user=user, code=code_of(secret, at), origin=HERE, actor=org.actor(Role.AUDITOR), at=at
    )
    return secret, codes


def check(org: SampleOrg, user: User, code: str, seconds: int = 0) -> str:
    at = AT + timedelta(seconds=seconds)
    try:
        return factor_check(user=user, code=code, origin=HERE, actor=org.actor(Role.AUDITOR), at=at)
    except (CodeWrong, TooManyFailures) as refusal:
        return refusal.code


def test_the_reckoning_of_these_tests_is_that_of_the_standard() -> None:
    secret = base64.b32encode(b"12345678901234567890").decode()
    for moment, code in ((59, "287082"), (1111111109, "081804"), (20000000000, "353130")):
        assert code_of(secret, datetime.fromtimestamp(moment, tz=AT.tzinfo)) == code


def test_the_first_code_of_the_telephone_switches_the_factor_on(org: SampleOrg, auditor: User) -> None:
    secret = factor_begin(user=auditor, at=AT)
    assert factor_begin(user=auditor, at=AT) == secret  # the page may be opened twice
    assert not has_factor(auditor)
    actor = org.actor(Role.AUDITOR)
    with pytest.raises(CodeWrong):
        factor_confirm(user=auditor, code="000000", origin=HERE, actor=actor, at=AT)
    codes = factor_confirm(user=auditor, code=code_of(secret, AT), origin=HERE, actor=actor, at=AT)
    assert has_factor(auditor)
    assert len(set(codes)) == 10
    with pytest.raises(FactorAlreadySet):
        factor_begin(user=auditor, at=AT)


def test_a_code_counts_once_and_for_a_step_before_and_after(org: SampleOrg, auditor: User) -> None:
    secret, _codes = enrol(org, auditor)
    at = {s: code_of(secret, AT + timedelta(seconds=s)) for s in range(0, 400, 30)}
    assert check(org, auditor, at[0]) == "CodeWrong"  # used to switch it on
    assert check(org, auditor, at[60], seconds=90) == "totp"
    assert check(org, auditor, at[60], seconds=91) == "CodeWrong"
    assert check(org, auditor, at[30], seconds=60) == "CodeWrong"  # older than the last one used
    assert check(org, auditor, at[150], seconds=120) == "totp"
    assert check(org, auditor, at[180], seconds=300) == "CodeWrong"
    assert check(org, auditor, f"{at[300][:3]} {at[300][3:]}", seconds=300) == "totp"


def test_ten_wrong_codes_close_the_step_for_a_while(org: SampleOrg, auditor: User) -> None:
    secret, _codes = enrol(org, auditor)
    later = AT + timedelta(seconds=120)
    wrong = "000000" if code_of(secret, later) != "000000" else "111111"
    assert [check(org, auditor, wrong, seconds=60 + n) for n in range(10)] == ["CodeWrong"] * 10
    assert check(org, auditor, code_of(secret, later), seconds=120) == "TooManyFailures"
    after = AT + timedelta(seconds=60 + 9 + 900)
    assert check(org, auditor, code_of(secret, after), seconds=60 + 9 + 900) == "totp"
    assert Entry.objects.filter(fact="identity.locked", subject_id=auditor.pk).count() == 1


def test_a_recovery_code_opens_once_in_any_spelling(org: SampleOrg, auditor: User) -> None:
    _secret, codes = enrol(org, auditor)
    assert check(org, auditor, codes[3].lower().replace("-", " ")) == "recovery"
    assert check(org, auditor, codes[3]) == "CodeWrong"
    assert recovery_codes_left(auditor) == 9


def test_neither_secret_nor_codes_can_be_read_in_the_database(org: SampleOrg, auditor: User) -> None:
    secret, codes = enrol(org, auditor)
    factor = SecondFactor.objects.get(user=auditor)
    assert base64.b32decode(secret).hex() not in factor.secret_sealed
    assert secret not in factor.secret_sealed
    kept = " ".join(RecoveryCode.objects.values_list("digest", flat=True))
    assert not any(code.replace("-", "") in kept for code in codes)


def test_only_the_security_administrator_takes_a_factor_away_and_not_the_own(
    org: SampleOrg, auditor: User
) -> None:
    enrol(org, auditor)
    for role in Role:
        if role is not Role.SECURITY_ADMIN:
            with pytest.raises(NotPermitted):
                factor_reset(user_id=auditor.pk, actor=org.actor(role), at=AT)
    secadmin = org.users[Role.SECURITY_ADMIN]
    with pytest.raises(OwnAccount):
        factor_reset(user_id=secadmin.pk, actor=org.actor(Role.SECURITY_ADMIN), at=AT)
    factor_reset(user_id=auditor.pk, actor=org.actor(Role.SECURITY_ADMIN), at=AT)
    assert not has_factor(auditor)
    entry = Entry.objects.get(fact="identity.second_factor_reset")
    assert (entry.actor_id, entry.subject_id) == (secadmin.pk, auditor.pk)


def test_who_owes_a_factor_gets_nothing_that_needs_it(
    org: SampleOrg, auditor: User, settings: object
) -> None:
    settings.ZX_SECOND_FACTOR_ROLES = ["auditor"]  # type: ignore[attr-defined]
    with pytest.raises(SecondFactorMissing):
        require_factor(auditor, at=AT)
    require_factor(org.users[Role.WINDOW_CLERK], at=AT)
    enrol(org, auditor)
    require_factor(auditor, at=AT)
