"""A sealed file opens with its key alone, and any change to it is refused."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengxiao.lib import sealed_streams
from zhengxiao.lib.sealed_streams import CHUNK, HEAD, TAG, ArchiveBroken, ArchiveKeyUnfit, Key, seal, unseal

KEYS = {name: Key.made(name) for name in ("aes-256", "sm4")}


def sealed(content: bytes, key: Key) -> bytes:
    target = io.BytesIO()
    seal(key, io.BytesIO(content), target)
    return target.getvalue()


def opened(content: bytes, key: Key) -> bytes:
    target = io.BytesIO()
    unseal(key, io.BytesIO(content), target, name="part")
    return target.getvalue()


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 5])
def test_what_is_sealed_opens_again_at_every_border(key: Key, size: int) -> None:
    content = bytes(range(256)) * (size // 256 + 1)
    assert opened(sealed(content[:size], key), key) == content[:size]


@given(st.binary(max_size=40), st.data())
def test_no_bit_may_be_changed_and_no_byte_be_missing_or_added(content: bytes, data: st.DataObject) -> None:
    key = KEYS["aes-256"]
    whole = sealed(content, key)
    place = data.draw(st.integers(0, len(whole) - 1))
    bit = 1 << data.draw(st.integers(0, 7))
    for wrong in (
        whole[:place] + bytes([whole[place] ^ bit]) + whole[place + 1 :],
        whole[:place],
        whole + b"x",
    ):
        with pytest.raises(ArchiveBroken):
            opened(wrong, key)


def test_chunks_cannot_be_swapped_repeated_left_out_or_cut_off() -> None:
    key = KEYS["sm4"]
    whole = sealed(b"a" * CHUNK + b"b" * CHUNK + b"c", key)
    head, long = whole[: HEAD.size], CHUNK + TAG
    first, second = whole[HEAD.size : HEAD.size + long], whole[HEAD.size + long : HEAD.size + 2 * long]
    last = whole[HEAD.size + 2 * long :]
    for pieces in (
        (second, first, last), (first, first, last), (first, last), (first, second), (first,), (first, second, last, last),
    ):  # fmt: skip
        with pytest.raises(ArchiveBroken):
            opened(head + b"".join(pieces), key)


def test_another_key_another_cipher_and_no_seal_at_all_are_refused() -> None:
    whole = sealed(b"content", KEYS["aes-256"])
    assert b"content" not in whole
    for key in (Key.made("aes-256"), KEYS["sm4"]):
        with pytest.raises(ArchiveBroken):
            opened(whole, key)
    for nothing in (b"", b"PK", b"x" * 100):
        with pytest.raises(ArchiveBroken):
            opened(nothing, KEYS["aes-256"])


def test_two_seals_of_the_same_content_differ() -> None:
    assert sealed(b"same", KEYS["sm4"]) != sealed(b"same", KEYS["sm4"])


def test_a_key_is_a_line_and_anything_else_is_refused() -> None:
    for name, key in KEYS.items():
        assert Key.parse(key.line() + "\n") == key
        assert key.cipher == name
    for text in (
        "",
        "aes-256",
        "aes-256 00",
        f"des {'0' * 64}",
        f"sm4 {'0' * 64}",
        f"aes-256 {'z' * 64}",
        "a b c",
    ):
        with pytest.raises(ArchiveKeyUnfit):
            Key.parse(text)


def test_a_pipe_that_gives_little_at_a_time_is_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(size or 1, 7))

    monkeypatch.setattr(sealed_streams, "CHUNK", 20)
    target = io.BytesIO()
    seal(KEYS["sm4"], Slow(b"0123456789" * 9), target)
    assert opened(target.getvalue(), KEYS["sm4"]) == b"0123456789" * 9
