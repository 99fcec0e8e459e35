"""Sealed values open only for their key and purpose, and are found without being shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengxiao.lib.sealing import SealBroken, blind_index, derive_keys, open_seal, seal

KEYS = derive_keys("a secret of the tests only")


@given(st.text(max_size=60))
def test_what_was_sealed_opens_again(text: str) -> None:
    assert open_seal(seal(text, keys=KEYS, purpose="a.b"), keys=KEYS, purpose="a.b") == text


def test_a_seal_shows_nothing_and_differs_each_time() -> None:
    first, second = (seal("11010519491231002X", keys=KEYS, purpose="p") for _ in range(2))
    assert first != second
    assert "1101" not in first


def test_a_seal_does_not_open_for_another_purpose_or_key() -> None:
    sealed = seal("王示例", keys=KEYS, purpose="parties.name")
    with pytest.raises(SealBroken):
        open_seal(sealed, keys=KEYS, purpose="parties.phone")
    with pytest.raises(SealBroken):
        open_seal(sealed, keys=derive_keys("another secret of the tests"), purpose="parties.name")


@pytest.mark.parametrize("broken", ["s1:", "s1:!!", "plain", "s1:AAAA"])
def test_a_broken_seal_is_refused_by_name(broken: str) -> None:
    with pytest.raises(SealBroken):
        open_seal(broken, keys=KEYS, purpose="p")


def test_a_changed_seal_is_refused() -> None:
    sealed = seal("示例", keys=KEYS, purpose="p")
    changed = sealed[:-6] + ("A" if sealed[-6] != "A" else "B") + sealed[-5:]
    with pytest.raises(SealBroken):
        open_seal(changed, keys=KEYS, purpose="p")


def test_a_blind_index_is_stable_and_bound_to_key_and_purpose() -> None:
    index = blind_index("11010519491231002X", keys=KEYS, purpose="p")
    assert len(index) == 64
    assert index == blind_index("11010519491231002X", keys=KEYS, purpose="p")
    assert index != blind_index("11010519491231002X", keys=KEYS, purpose="q")
    assert index != blind_index("11010519491231002X", keys=derive_keys("other secret of tests"), purpose="p")
    assert blind_index("", keys=KEYS, purpose="p") == ""


def test_an_empty_secret_and_a_printed_key_are_not_possible() -> None:
    with pytest.raises(ValueError, match="needs a secret"):
        derive_keys("")
    assert repr(KEYS) == "Keys(…)"
