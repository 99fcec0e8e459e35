"""The signing key of this installation: made once below ZX_HOME/keys, readable by its owner alone, never in the database.

Beside it lie the public keys whose signatures count. To change the key, move `checkpoint.key` away: the next checkpoint
makes another one, and the old public key goes on vouching for old checkpoints until its file is removed.
"""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkstemp

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from zhengxiao.kernel.proof.verifier import Key, Malformed, key_id, read_key
from zhengxiao.lib.refusals import Refusal, gettext_noop

SECRET = "checkpoint.key"  # noqa: S105 - a file name


class KeyExposed(Refusal):
    """Others may read or change the signing key, so a signature by it says nothing."""

    template = gettext_noop("签名密钥 {path} 可被其他账号读写，请改为仅本人可读（chmod 600）后重试。")


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The key in use. `public` is what others need to check with."""

    private: Ed25519PrivateKey
    public: Key

    def __repr__(self) -> str:
        return f"SigningKey({self.public.key_id})"


def key_text(key: Key) -> str:
    """A public key in one line, as the verifier reads it."""
    return f"{key.name}+{key.key_id}+{base64.b64encode(bytes([1]) + key.public).decode('ascii')}"


def signing_key() -> SigningKey:
    """The key in use, made at the first call. Raises KeyExposed."""
    folder = settings.HOME / "keys"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / SECRET
    if not path.exists():
        _make(path)
    if path.stat().st_mode & 0o077:
        raise KeyExposed(path=path)
    private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(path.read_text("ascii")))
    raw = private.public_key().public_bytes_raw()
    public = Key(settings.CHECKPOINT_ORIGIN, key_id(settings.CHECKPOINT_ORIGIN, raw), raw)
    try:
        read_key(key_text(public))
    except Malformed as error:
        raise ImproperlyConfigured("ZX_CHECKPOINT_ORIGIN must be a name without spaces or +") from error
    spelled = folder / f"{public.key_id}.pub"
    if not spelled.exists():
        spelled.write_text(key_text(public) + "\n", "utf-8")
    return SigningKey(private, public)


def _make(path: Path) -> None:
    """A new key under `path`, unless somebody else was faster: then theirs stands."""
    handle, name = mkstemp(dir=path.parent)  # created with mode 0600
    with os.fdopen(handle, "wb") as file:
        file.write(base64.b64encode(Ed25519PrivateKey.generate().private_bytes_raw()))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(name, path)
    except FileExistsError:
        pass
    finally:
        Path(name).unlink()


def trusted_keys() -> list[Key]:
    """The public keys of this installation, of today and of before."""
    return [read_key(path.read_text("utf-8")) for path in sorted((settings.HOME / "keys").glob("*.pub"))]
