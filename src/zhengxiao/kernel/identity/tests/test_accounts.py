from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction
from django.test import Client

from zhengxiao.kernel.identity import api
from zhengxiao.lib.actors import SYSTEM, Actor
from zhengxiao.lib.refusals import NotPermitted

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 4, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
PASSWORD = "plain-enough-to-read-7"


def make(username: str = "clerk", **more: object) -> api.User:
    values = {"display_name": "王示例", "password": PASSWORD, "actor": SYSTEM, "at": AT} | more
    return api.user_create(username=username, **values)  # type: ignore[arg-type]


def test_an_account_keeps_the_moment_it_was_told_and_only_a_masked_phone() -> None:
    user = make(phone="13800001234")
    user.refresh_from_db()
    assert (user.joined_at, user.phone_masked, user.is_active) == (AT, "138****1234", True)


def test_an_account_has_no_flag_that_lifts_it_above_the_tables() -> None:
    names = {field.name for field in api.User._meta.get_fields()}
    assert not names & {"is_superuser", "is_staff", "groups", "user_permissions", "last_login"}


def test_sign_in_does_not_care_for_capital_letters() -> None:
    user = make("Clerk")
    assert authenticate(username="cLERK", password=PASSWORD) == user


def test_two_usernames_that_differ_by_case_only_are_refused() -> None:
    make("clerk")
    with pytest.raises(api.UsernameTaken):
        make("CLERK")


def test_the_database_itself_refuses_usernames_that_differ_by_case_only() -> None:
    make("clerk")
    with pytest.raises(IntegrityError), transaction.atomic():
        api.User.objects.create(username="CLERK", display_name="王示例", joined_at=AT)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"username": "a b"}, api.UsernameMalformed),
        ({"display_name": "  "}, api.DisplayNameMissing),
        ({"language": "de"}, api.LanguageUnknown),
        ({"password": "short"}, api.PasswordTooWeak),
        ({"password": "password1234"}, api.PasswordTooWeak),
        ({"username": "zhengxiao-clerk", "password": "zhengxiao-clerk"}, api.PasswordTooWeak),
    ],
)
def test_an_account_is_refused_by_name(change: dict[str, str], refusal: type[Exception]) -> None:
    values = {"username": "clerk", "display_name": "王示例", "password": PASSWORD} | change
    with pytest.raises(refusal):
        api.user_create(**values, actor=SYSTEM, at=AT)
    assert not api.User.objects.exists()


def test_many_accounts_are_made_or_none() -> None:
    rows = [api.NewUser("a", "甲示例"), api.NewUser("b", "乙示例"), api.NewUser("A", "丙示例")]
    with pytest.raises(api.UsernameTaken):
        api.users_bulk_create(rows, password=None, actor=SYSTEM, at=AT)
    assert not api.User.objects.exists()
    made = api.users_bulk_create(rows[:2], password=PASSWORD, actor=SYSTEM, at=AT)
    assert [user.check_password(PASSWORD) for user in made] == [True, True]


def test_an_account_without_password_cannot_sign_in() -> None:
    make(password=None)
    assert authenticate(username="clerk", password="") is None


def test_a_disabled_account_loses_its_session_at_the_next_request() -> None:
    user = make()
    client = Client()
    client.force_login(user)
    api.user_disable(user_id=user.pk, actor=SYSTEM, at=AT)
    user.refresh_from_db()
    assert (user.is_active, user.disabled_at) == (False, AT)
    assert authenticate(username="clerk", password=PASSWORD) is None


def test_an_account_is_disabled_once() -> None:
    user = make()
    api.user_disable(user_id=user.pk, actor=SYSTEM, at=AT)
    with pytest.raises(api.UserAlreadyDisabled):
        api.user_disable(user_id=user.pk, actor=SYSTEM, at=AT)


def test_nobody_disables_or_resets_their_own_account() -> None:
    user = make()
    self_ = Actor(user_id=user.pk, name=user.display_name)
    with pytest.raises(api.OwnAccount):
        api.user_disable(user_id=user.pk, actor=self_, at=AT)
    with pytest.raises(api.OwnAccount):
        api.password_reset(user_id=user.pk, new_password=PASSWORD + "x", actor=self_, at=AT)


def test_disabling_somebody_unknown_is_refused() -> None:
    with pytest.raises(api.UserUnknown):
        api.user_disable(user_id=404, actor=SYSTEM, at=AT)


def test_one_changes_ones_own_password_and_nobody_elses() -> None:
    user, other = make(), make("other")
    self_ = Actor(user_id=user.pk, name=user.display_name)
    new = "another-long-word-9"
    with pytest.raises(NotPermitted):
        api.password_change(user_id=other.pk, old_password=PASSWORD, new_password=new, actor=self_, at=AT)
    with pytest.raises(api.PasswordWrong):
        api.password_change(user_id=user.pk, old_password="guess", new_password=new, actor=self_, at=AT)
    with pytest.raises(api.PasswordTooWeak):
        api.password_change(
            user_id=user.pk, old_password=PASSWORD, new_password="1234567890", actor=self_, at=AT
        )
    api.password_change(user_id=user.pk, old_password=PASSWORD, new_password=new, actor=self_, at=AT)
    assert authenticate(username="clerk", password=new) == user


def test_a_reset_password_ends_the_sessions_of_the_account() -> None:
    user = make()
    before = user.get_session_auth_hash()
    api.password_reset(user_id=user.pk, new_password="another-long-word-9", actor=SYSTEM, at=AT)
    user.refresh_from_db()
    assert user.get_session_auth_hash() != before


def test_an_account_is_found_by_any_spelling_of_its_name() -> None:
    user = make()
    assert api.user_by_username("ＣＬＥＲＫ") == user
    with pytest.raises(api.UserUnknown):
        api.user_by_username("nobody")
    assert api.names_of([user.pk, 404]) == {user.pk: "王示例"}
