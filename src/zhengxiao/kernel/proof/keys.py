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

from zhengxiao.kernel.proof import sm2
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
    sm2: bytes = b""
    """The second pair, private key and point; nothing while heads are signed once only."""

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
        _keep(path, Ed25519PrivateKey.generate().private_bytes_raw())
    private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(_secret(path)))
    raw = private.public_key().public_bytes_raw()
    public = Key(settings.CHECKPOINT_ORIGIN, key_id(settings.CHECKPOINT_ORIGIN, raw), raw)
    try:
        read_key(key_text(public))
    except Malformed as error:
        raise ImproperlyConfigured("ZX_CHECKPOINT_ORIGIN must be a name without spaces or +") from error
    spelled = folder / f"{public.key_id}.pub"
    if not spelled.exists():
        spelled.write_text(key_text(public) + "\n", "utf-8")
    return SigningKey(private, public, _sm2_pair(folder) if settings.CHECKPOINT_SM2 else b"")


def _sm2_pair(folder: Path) -> bytes:
    """The SM2 pair in use, made at the first call. Raises KeyExposed, Sm2Missing."""
    library = sm2.required()
    path = folder / sm2.SECRET
    if not path.exists():
        point, private = library.sm2_key_generate()
        _keep(path, private + point)
    pair = base64.b64decode(_secret(path))
    public = sm2.PublicKey(settings.CHECKPOINT_ORIGIN, pair[32:])
    spelled = folder / f"{public.key_id}.sm2.pem"
    if not spelled.exists():
        spelled.write_text(public.pem, "ascii")
    return pair


def _secret(path: Path) -> str:
    if path.stat().st_mode & 0o077:
        raise KeyExposed(path=path)
    return path.read_text("ascii")


def signed_text(body: str, key: SigningKey) -> str:
    """`body` (ending in a line break) as a C2SP signed note, signed by every key in use."""
    signature = bytes.fromhex(key.public.key_id) + key.private.sign(body.encode())
    note = f"{body}\n— {key.public.name} {base64.b64encode(signature).decode('ascii')}\n"
    return note + (sm2.signature_line(body, key.sm2, key.public.name) if key.sm2 else "")


def _keep(path: Path, secret: bytes) -> None:
    """A new secret under `path`, unless somebody else was faster: then theirs stands."""
    handle, name = mkstemp(dir=path.parent)  # created with mode 0600
    with os.fdopen(handle, "wb") as file:
        file.write(base64.b64encode(secret))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(name, path)
    except FileExistsError:
        pass
    finally:
        Path(name).unlink()


def trusted_sm2_keys() -> list[sm2.PublicKey]:
    """The same of SM2. Raises verifier.Malformed when a file of that name is no key."""
    return sm2.public_keys(settings.HOME / "keys")


def trusted_keys() -> list[Key]:
    """The public keys of this installation, of today and of before."""
    return [read_key(path.read_text("utf-8")) for path in sorted((settings.HOME / "keys").glob("*.pub"))]
