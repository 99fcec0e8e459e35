"""The second signature under a signed head, for who must use commercial cryptography: SM2 with SM3 (GB/T 32918, 35276).

It stands beside the Ed25519 signature, never instead of it: readers of C2SP notes pass over lines of kinds they do not
know. The key pair lies in ZX_HOME/keys as the other one does; the public key as PEM, for `openssl`. Needs the extra `gm`.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from django.conf import settings

from zhengxiao.kernel.proof.verifier import Checkpoint, Malformed
from zhengxiao.lib.refusals import Refusal, gettext_noop

SECRET = "checkpoint-sm2.key"  # noqa: S105 - a file name
KIND = b"\xffSM2"
"""The kind of signature in the key's number: C2SP leaves 0xff and a name to whoever needs a kind of one's own."""
_HEAD = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d03420004")
"""What stands before the 64 bytes of the point in a public key (SubjectPublicKeyInfo, curve 1.2.156.10197.1.301)."""


class Sm2Missing(Refusal):
    """Signing with SM2 is asked for, and the library that can is not installed."""

    template = gettext_noop(
        "已要求用 SM2 签名（ZX_CHECKPOINT_SM2），但未安装 gm 组件。请安装 zhengxiao[gm]，或关闭该设置。"
    )


@dataclass(frozen=True, slots=True)
class PublicKey:
    """Who signs with SM2: the 64 bytes of the point, and the number that stands in signatures."""

    name: str
    point: bytes

    @property
    def key_id(self) -> str:
        return hashlib.sha256(self.name.encode() + b"\n" + KIND + self.point).hexdigest()[:8]

    @property
    def pem(self) -> str:
        text = base64.encodebytes(_HEAD + self.point).decode("ascii").replace("\n", "")
        lines = [text[at : at + 64] for at in range(0, len(text), 64)]
        return "\n".join(["-----BEGIN PUBLIC KEY-----", *lines, "-----END PUBLIC KEY-----", ""])


def _library() -> Any:
    try:
        import gmssl_pyx  # noqa: PLC0415 - an extra
    except ImportError:
        return None
    return gmssl_pyx


def public_keys(folder: Path) -> list[PublicKey]:
    """The SM2 keys of this installation, of today and of before. Raises verifier.Malformed when a file is none."""
    found = []
    for path in sorted(folder.glob("*.sm2.pem")):
        try:
            raw = base64.b64decode("".join(path.read_text("ascii").splitlines()[1:-1]), validate=True)
        except ValueError:
            raw = b""
        if len(raw) != len(_HEAD) + 64 or not raw.startswith(_HEAD):
            raise Malformed("key", f"{path.name} 不是 SM2 公钥")
        found.append(PublicKey(settings.CHECKPOINT_ORIGIN, raw[len(_HEAD) :]))
    return found


def signature_line(body: str, pair: bytes, name: str) -> str:
    """The line that signs `body`; `pair`: private key (32 bytes) and point (64). Refuses Sm2Missing."""
    library = required()
    private, point = pair[:32], pair[32:]
    first, second = decode_dss_signature(library.sm2_sign(private, point, body.encode()))
    raw = first.to_bytes(32, "big") + second.to_bytes(32, "big")
    number = bytes.fromhex(PublicKey(name, point).key_id)
    return f"— {name} {base64.b64encode(number + raw).decode('ascii')}\n"


def required() -> Any:
    """The library. Refuses Sm2Missing."""
    library = _library()
    if library is None:
        raise Sm2Missing
    return library


def holds(note: Checkpoint, keys: Sequence[PublicKey]) -> bool:
    """False when a line of `note` bears the number of one of `keys` and is not by it; without the library nothing is said."""
    library = _library()
    known = {(key.name, key.key_id): key.point for key in keys}
    for name, number, raw in note.signatures if library else ():
        point = known.get((name, number))
        if point is None:
            continue
        signed = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        if not library.sm2_verify(point, note.body, signed):
            return False
    return True
