"""Keys change while people work: both open and find meanwhile, a broken run goes on, a lost key is refused by name."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path
from typing import Any

import pytest

from zhengxiao.backbone.parties import api, keyring
from zhengxiao.backbone.parties.models import Party
from zhengxiao.backbone.parties.tests.test_parties import AT, RESIDENT, Town, person, town
from zhengxiao.kernel.jobs.api import Job, run_once
from zhengxiao.lib.actors import SYSTEM
from zhengxiao.lib.sealing import KeyLost, Keyring, SealBroken, derive_keys

__all__ = ["town"]
pytestmark = pytest.mark.django_db
WHY = {"purpose": "verify", "note": "与原件核对"}
PHONE = "13800000000"


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def people(town: Town) -> list[Party]:
    """Five persons; the first has the number everybody looks for."""
    rows = [person(region_id=town.region_id, contact_name="王示例")]
    rows += [
        api.NewParty("李示例", id_type="passport", id_number=f"E1234567{n}", region_id=town.region_id)
        for n in range(4)
    ]
    return api.parties_find_or_create(rows, actor=SYSTEM, at=AT)


def found_and_opened(town: Town) -> None:
    """Found by number and phone, taken for the same person at the counter, and opened."""
    for text in (RESIDENT, PHONE):
        assert [party.id_masked for party in api.parties_numbered(text, actor=town.clerk)] == [
            "110*************2X"
        ]
    same = api.party_find_or_create(party=person(region_id=town.region_id), actor=town.clerk, at=AT)
    assert Party.objects.count() == 5
    assert api.party_reveal(party=same, what=api.ID, actor=town.clerk, at=AT, **WHY) == RESIDENT


def sealed_by() -> dict[str, int]:
    return {use.name: use.rows for use in api.keys_in_use()}


def test_after_a_rotation_the_old_key_opens_and_finds_until_all_is_sealed_anew(
    town: Town, people: list[Party]
) -> None:
    name = api.key_rotate(actor=SYSTEM, at=AT)
    assert sealed_by() == {name: 0, "": 5}
    found_and_opened(town)
    run_once(at=AT, runner="r")
    assert sealed_by() == {name: 5, "": 0}
    found_and_opened(town)
    second = api.key_rotate(actor=SYSTEM, at=AT)
    run_once(at=AT, runner="r")
    assert sealed_by() == {second: 5, name: 0, "": 0}
    found_and_opened(town)


def test_a_run_killed_between_two_batches_goes_on_and_both_halves_serve_meanwhile(
    town: Town, people: list[Party], monkeypatch: Any
) -> None:
    monkeypatch.setattr(keyring, "BATCH", 2)
    name = api.key_rotate(actor=SYSTEM, at=AT)
    assert keyring.reseal_batch(at=AT)[0] == 2

    def killed(*_args: Any, **_more: Any) -> None:
        raise MemoryError

    with monkeypatch.context() as during:
        during.setattr(Party.objects.all().__class__, "update", killed)
        with pytest.raises(MemoryError):
            keyring.reseal_batch(at=AT)
    assert sealed_by() == {name: 2, "": 3}
    found_and_opened(town)
    run_once(at=AT, runner="r")
    assert Job.objects.get().result == {"rows": 3}
    assert sealed_by() == {name: 5, "": 0}
    found_and_opened(town)


def test_a_lost_key_is_named_and_nothing_is_written(town: Town, people: list[Party], home: Path) -> None:
    first = api.key_rotate(actor=SYSTEM, at=AT)
    run_once(at=AT, runner="r")
    kept = home / "kept"
    shutil.copy(home / "keys" / f"sealing-{first}", kept)
    api.key_rotate(actor=SYSTEM, at=AT)
    (home / "keys" / f"sealing-{first}").unlink()
    keyring._ring.cache_clear()
    with pytest.raises(KeyLost, match=first):
        _fresh(people[0], town)
    run_once(at=AT, runner="r")
    assert Job.objects.order_by("-pk")[0].state == "failed"
    assert Party.objects.filter(id_sealed__startswith=f"s2:{first}:").count() == 5
    shutil.copy(kept, home / "keys" / f"sealing-{first}")
    keyring._ring.cache_clear()
    assert _fresh(people[0], town) == RESIDENT


def _fresh(party: Party, town: Town) -> str:
    return api.party_reveal(party=Party.objects.get(pk=party.pk), what=api.ID, actor=town.clerk, at=AT, **WHY)


def test_a_missing_current_key_is_refused_before_anything_is_sealed(people: list[Party], home: Path) -> None:
    name = api.key_rotate(actor=SYSTEM, at=AT)
    (home / "keys" / f"sealing-{name}").unlink()
    keyring._ring.cache_clear()
    with pytest.raises(KeyLost, match=name):
        api.party_find_or_create(party=person(name="新示例"), actor=SYSTEM, at=AT)


def test_key_files_are_the_owners_alone_and_hold_no_name(home: Path) -> None:
    name = api.key_rotate(actor=SYSTEM, at=AT)
    place = home / "keys" / f"sealing-{name}"
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert len(place.read_text()) == 64


def test_a_seal_names_its_key_and_opens_with_no_other() -> None:
    one, two = (derive_keys(name, key_id=name) for name in ("one", "two"))
    sealed = Keyring(one).seal("示例", purpose="p")
    assert Keyring(two, (one,)).open(sealed, purpose="p") == "示例"
    with pytest.raises(KeyLost):
        Keyring(two).open(sealed, purpose="p")
    with pytest.raises(SealBroken):
        Keyring(two).open(sealed.replace("s2:one:", "s2:two:"), purpose="p")
