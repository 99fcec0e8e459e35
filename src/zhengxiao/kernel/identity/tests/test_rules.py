from __future__ import annotations

import pytest

from zhengxiao.kernel.identity.rules import mask_phone, username_as_kept, username_is_well_formed


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13800001234", "138****1234"),
        ("１３８００００１２３４", "138****1234"),
        ("+86 138-0000-1234", "861****1234"),
        ("66001234", "****34"),
        ("", ""),
        ("无", ""),
    ],
)
def test_a_phone_number_is_kept_masked(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown


def test_full_width_letters_make_the_same_username() -> None:
    assert username_as_kept(" ｃｌｅｒｋ１ ") == "clerk1"


@pytest.mark.parametrize("username", ["", "a b", "a/b", "a\n", "x" * 65, "<b>"])
def test_a_username_with_other_signs_is_malformed(username: str) -> None:
    assert not username_is_well_formed(username)
