"""Sealed text: SM4-GCM for keeping, keyed HMAC-SM3 for finding (GB/T 39786-2021, application layer).

The key is an argument; where it is kept is decided above. What a seal belongs to (`purpose`, for example
"parties.id_number") is authenticated with it, so a sealed value copied into another column does not open.
"""

from __future__ import annotations

import base64
import os
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from zhengxiao.lib.refusals import Refusal, gettext_noop

_FORM = "s1:"
_NONCE = 12
_TAG = 16


class SealBroken(Refusal):
    """The value was changed, belongs to another purpose, or another key sealed it."""

    template = gettext_noop("加密数据无法解开：内容被改动，或密钥不符。")


@dataclass(frozen=True, slots=True)
class Keys:
    """Two independent keys from one secret: a leak of the index key opens nothing."""

    sealing: bytes
    index: bytes
    id: str = ""
    """Names the key in what it sealed; empty for the one key of an installation that never changed it."""

    def __repr__(self) -> str:
        return "Keys(…)"


class KeyLost(Refusal):
    """What is sealed names a key that this installation does not hold (any more)."""

    template = gettext_noop("加密数据需要密钥“{id}”，但密钥库中没有。请从备份恢复该密钥，切勿重新生成。")


@dataclass(frozen=True, slots=True)
class Keyring:
    """One current key that seals, and older ones that still open; all of them find."""

    current: Keys
    older: tuple[Keys, ...] = ()

    @property
    def all(self) -> tuple[Keys, ...]:
        return (self.current, *self.older)

    def named(self, key_id: str) -> Keys:
        """Raises KeyLost."""
        found = next((keys for keys in self.all if keys.id == key_id), None)
        if found is None:
            raise KeyLost(id=key_id or "–")
        return found

    def seal(self, text: str, *, purpose: str) -> str:
        return seal(text, keys=self.current, purpose=purpose)

    def open(self, sealed: str, *, purpose: str) -> str:
        """The text again, by the key the seal names. Raises KeyLost, SealBroken."""
        return open_seal(sealed, keys=self.named(key_id_of(sealed)), purpose=purpose) if sealed else ""

    def index(self, text: str, *, purpose: str) -> str:
        """The blind index under the current key: what is stored."""
        return blind_index(text, keys=self.current, purpose=purpose)

    def indexes(self, text: str, *, purpose: str) -> list[str]:
        """The blind indexes under every key: what is looked for while rows are sealed anew."""
        return [blind_index(text, keys=keys, purpose=purpose) for keys in self.all] if text else []


def derive_keys(secret: str | bytes, *, key_id: str = "") -> Keys:
    """HKDF-SM3 over the secret. How strong it must be is decided where it is kept; none at all is refused."""
    if not re.fullmatch("[a-z0-9]{0,16}", key_id):
        raise ValueError("a key is named by small letters and digits")
    raw = secret.encode() if isinstance(secret, str) else secret
    if not raw:
        raise ValueError("sealing needs a secret")
    material = HKDF(algorithm=hashes.SM3(), length=48, salt=None, info=b"zhengxiao.sealing.1").derive(raw)
    return Keys(sealing=material[:16], index=material[16:], id=key_id)


def _head(key_id: str) -> str:
    """`s1:` before keys had names, `s2:NAME:` since."""
    return f"s2:{key_id}:" if key_id else _FORM


def key_id_of(sealed: str) -> str:
    """The name of the key that sealed it; empty for the nameless one."""
    return sealed.split(":", 2)[1] if sealed.startswith("s2:") and sealed.count(":") >= 2 else ""


def head_of(keys: Keys) -> str:
    """What everything sealed by these keys begins with, for counting rows without opening them."""
    return _head(keys.id)


def seal(text: str, *, keys: Keys, purpose: str) -> str:
    """A different value each time; empty text stays empty, so that "not given" can be read without a key."""
    if not text:
        return ""
    nonce = os.urandom(_NONCE)
    worker = Cipher(algorithms.SM4(keys.sealing), modes.GCM(nonce)).encryptor()
    worker.authenticate_additional_data(purpose.encode())
    body = worker.update(text.encode()) + worker.finalize()
    return _head(keys.id) + base64.b64encode(nonce + worker.tag + body).decode("ascii")


def open_seal(sealed: str, *, keys: Keys, purpose: str) -> str:
    """The text again. Raises `SealBroken`."""
    if not sealed:
        return ""
    head = _head(keys.id)
    if not sealed.startswith(head):
        raise SealBroken
    try:
        raw = base64.b64decode(sealed[len(head) :], validate=True)
        nonce, tag, body = raw[:_NONCE], raw[_NONCE : _NONCE + _TAG], raw[_NONCE + _TAG :]
        worker = Cipher(algorithms.SM4(keys.sealing), modes.GCM(nonce, tag)).decryptor()
        worker.authenticate_additional_data(purpose.encode())
        return (worker.update(body) + worker.finalize()).decode()
    except (InvalidTag, ValueError) as broken:
        raise SealBroken from broken


def blind_index(text: str, *, keys: Keys, purpose: str) -> str:
    """64 hex signs that are equal for equal text and purpose and tell nothing without the key."""
    if not text:
        return ""
    worker = HMAC(keys.index, hashes.SM3())
    worker.update(purpose.encode() + b"\x00" + text.encode())
    return worker.finalize().hex()
