"""Sealed text: SM4-GCM for keeping, keyed HMAC-SM3 for finding (GB/T 39786-2021, application layer).

The key is an argument; where it is kept is decided above. What a seal belongs to (`purpose`, for example
"parties.id_number") is authenticated with it, so a sealed value copied into another column does not open.
"""

from __future__ import annotations

import base64
import os
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

    def __repr__(self) -> str:
        return "Keys(…)"


def derive_keys(secret: str | bytes) -> Keys:
    """HKDF-SM3 over the secret. How strong it must be is decided where it is kept; none at all is refused."""
    raw = secret.encode() if isinstance(secret, str) else secret
    if not raw:
        raise ValueError("sealing needs a secret")
    material = HKDF(algorithm=hashes.SM3(), length=48, salt=None, info=b"zhengxiao.sealing.1").derive(raw)
    return Keys(sealing=material[:16], index=material[16:])


def seal(text: str, *, keys: Keys, purpose: str) -> str:
    """A different value each time; empty text stays empty, so that "not given" can be read without a key."""
    if not text:
        return ""
    nonce = os.urandom(_NONCE)
    worker = Cipher(algorithms.SM4(keys.sealing), modes.GCM(nonce)).encryptor()
    worker.authenticate_additional_data(purpose.encode())
    body = worker.update(text.encode()) + worker.finalize()
    return _FORM + base64.b64encode(nonce + worker.tag + body).decode("ascii")


def open_seal(sealed: str, *, keys: Keys, purpose: str) -> str:
    """The text again. Raises `SealBroken`."""
    if not sealed:
        return ""
    if not sealed.startswith(_FORM):
        raise SealBroken
    try:
        raw = base64.b64decode(sealed[len(_FORM) :], validate=True)
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
