"""Files of any length sealed with one key: unreadable without it, and no piece can be changed, moved, cut off or left out.

A file is a head (mark, cipher, random prefix) and chunks of one mebibyte. Each chunk is sealed on its own (GCM) under the nonce
prefix + number; the head, and whether it is the last one, are authenticated with it. So a long file needs little memory, and
the first changed chunk is refused before anything after it is read.
"""

from __future__ import annotations

import secrets
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from zhengxiao.lib.refusals import Refusal

MARK = b"ZXSEAL1\n"
CHUNK = 1 << 20
TAG = 16
CIPHERS = {"aes-256": (1, 32), "sm4": (2, 16)}
"""Name → number in the head, bytes of the key."""
HEAD = struct.Struct(">8sB8s")


class ArchiveKeyUnfit(Refusal):
    template = "密钥无法使用：应为一行“aes-256 …”或“sm4 …”，后接十六进制密钥。"


class ArchiveBroken(Refusal):
    template = "{name} 不能用这把密钥打开，或内容已被改动、截断。"


@dataclass(frozen=True, slots=True)
class Key:
    """A cipher and its key."""

    cipher: str
    secret: bytes

    @classmethod
    def parse(cls, text: str) -> Key:
        """From a line such as `aes-256 00ff…`. Raises ArchiveKeyUnfit."""
        words = text.split()
        try:
            cipher, secret = words[0], bytes.fromhex(words[1])
            if len(words) != 2 or len(secret) != CIPHERS[cipher][1]:
                raise ValueError
        except (IndexError, KeyError, ValueError):
            raise ArchiveKeyUnfit from None
        return cls(cipher, secret)

    @classmethod
    def made(cls, cipher: str) -> Key:
        """A new random one."""
        return cls(cipher, secrets.token_bytes(CIPHERS[cipher][1]))

    def __repr__(self) -> str:
        return f"Key({self.cipher}, …)"

    def line(self) -> str:
        return f"{self.cipher} {self.secret.hex()}"

    def _algorithm(self) -> algorithms.AES256 | algorithms.SM4:
        return algorithms.SM4(self.secret) if self.cipher == "sm4" else algorithms.AES256(self.secret)

    def seal(self, head: bytes, number: int, last: bool, plain: bytes) -> bytes:
        sealing = Cipher(self._algorithm(), modes.GCM(_nonce(head, number))).encryptor()
        sealing.authenticate_additional_data(head + bytes([last]))
        return sealing.update(plain) + sealing.finalize() + sealing.tag

    def open(self, head: bytes, number: int, last: bool, sealed: bytes) -> bytes:
        """Raises InvalidTag."""
        mode = modes.GCM(_nonce(head, number), sealed[-TAG:])
        opening = Cipher(self._algorithm(), mode).decryptor()
        opening.authenticate_additional_data(head + bytes([last]))
        return opening.update(sealed[:-TAG]) + opening.finalize()


def _nonce(head: bytes, number: int) -> bytes:
    return head[-8:] + struct.pack(">I", number)


def _pieces(stream: IO[bytes], size: int) -> Iterator[tuple[int, bool, bytes]]:
    """Number, whether it is the last, and content; at least one piece, also of nothing."""
    number, held = 0, _exactly(stream, size)
    while True:
        following = _exactly(stream, size) if len(held) == size else b""
        yield number, not following, held
        if not following:
            return
        number, held = number + 1, following


def _exactly(stream: IO[bytes], size: int) -> bytes:
    """As many bytes as asked for, fewer only at the end; a pipe may give them in small portions."""
    parts, left = [], size
    while left and (part := stream.read(left)):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def seal(key: Key, source: IO[bytes], target: IO[bytes]) -> None:
    """Write `source` sealed into `target`."""
    head = HEAD.pack(MARK, CIPHERS[key.cipher][0], secrets.token_bytes(8))
    target.write(head)
    for number, last, plain in _pieces(source, CHUNK):
        target.write(key.seal(head, number, last, plain))


def unseal(key: Key, source: IO[bytes], target: IO[bytes], *, name: str) -> None:
    """Write what `source` seals into `target`. Raises ArchiveBroken; what was written until then is whole chunks of the truth."""
    head = source.read(HEAD.size)
    if len(head) != HEAD.size or head[:8] != MARK or head[8] != CIPHERS[key.cipher][0]:
        raise ArchiveBroken(name=name)
    try:
        for number, last, sealed in _pieces(source, CHUNK + TAG):
            if len(sealed) < TAG:
                raise InvalidTag
            target.write(key.open(head, number, last, sealed))
    except InvalidTag:
        raise ArchiveBroken(name=name) from None
