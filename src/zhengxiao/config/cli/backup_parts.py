"""The parts of a backup that are files: what was handed in, the keys, and the digest of each part."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from zhengxiao.lib.sealed_streams import Key, seal, unseal

MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
"""In the form that `sha256sum --check` reads; it covers the manifest too."""
KEYS = ("secret_key", "keys")
"""What ZX_HOME holds beside database, files and laid-out assets, and cannot be made again."""
DIGEST = re.compile(r"[0-9a-f]{64}")
CHUNK = 1 << 20
SEALING = ".sealing"


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a backup: bytes and SHA-256."""

    name: str
    size: int
    sha256: str


def parts_in(folder: Path) -> list[Part]:
    """Every part of a backup folder as it stands there, in the order of the names."""
    paths = sorted(path for path in folder.iterdir() if path.is_file() and path.name not in {MANIFEST, SUMS})
    return [Part(path.name, path.stat().st_size, sha256_of(path)) for path in paths]


def write_sums(folder: Path, parts: list[Part]) -> None:
    """One line per part and one for the manifest."""
    lines = [f"{part.sha256}  {part.name}" for part in parts]
    lines.append(f"{sha256_of(folder / MANIFEST)}  {MANIFEST}")
    (folder / SUMS).write_text("\n".join(lines) + "\n", encoding="ascii")


def manifest_is_as_written(folder: Path) -> bool:
    path = folder / SUMS
    wanted = f"{sha256_of(folder / MANIFEST)}  {MANIFEST}"
    return path.is_file() and wanted in path.read_text(encoding="ascii", errors="replace").splitlines()


def sha256_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


class _Hashing:
    """Reads through and remembers the digest of what was read."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self.digest.update(data)
        return data


def copy_files(root: Path, target: Path, named: Iterable[str]) -> dict[str, int]:
    """Everything stored below `root` by digest; returns how many are stored, missing, damaged.

    `named` are the digests the database knows. Each content is compared with its name while it is copied.
    """
    stored: set[str] = set()
    damaged = 0
    with tarfile.open(target, "w") as archive:
        for path in _stored(root):
            with path.open("rb") as stream:
                info = archive.gettarinfo(arcname=str(path.relative_to(root)), fileobj=stream)
                hashing: Any = _Hashing(stream)
                archive.addfile(info, hashing)
            stored.add(path.name)
            damaged += hashing.digest.hexdigest() != path.name
    return {"stored": len(stored), "missing": len(set(named) - stored), "damaged": damaged}


def _stored(root: Path) -> Iterator[Path]:
    """Whole files only: one that is just coming in has another name."""
    for path in sorted(root.rglob("*")):
        if DIGEST.fullmatch(path.name) and path.is_file() and not path.is_symlink():
            yield path


def copy_keys(home: Path, target: Path) -> None:
    """The secret key and the keys folder, where there are any; readable by the owner only."""
    descriptor = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as stream, tarfile.open(fileobj=stream, mode="w") as archive:
        for name in KEYS:
            if (home / name).exists():
                archive.add(home / name, arcname=name)


def flushed(folder: Path, *, deep: bool = True) -> None:
    """Everything in `folder`, and its own entries, are on the disk when this returns."""
    for path in [*(folder.iterdir() if deep else ()), folder]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@dataclass(frozen=True, slots=True)
class Staged:
    """Files and keys unpacked beside their places, to be moved there in one step each."""

    folder: Path
    secret_aside: Path

    def place(self, *, files: Path, home: Path, aside: Path | None) -> None:
        """Move everything to its place; what is there goes to `aside` first."""
        self._swap(self.folder / "files", files, aside)
        self._swap(self.folder / "keys" / "keys", home / "keys", aside)
        # A fresh ZX_HOME has made itself a secret key already; the restored one takes its place.
        secret, there = self.folder / "keys" / "secret_key", home / "secret_key"
        if secret.exists():
            if there.exists() and there.read_bytes() == secret.read_bytes():
                return
            self._swap(secret, there, self.secret_aside)

    @staticmethod
    def _swap(source: Path, target: Path, aside: Path | None) -> None:
        if not source.exists():
            return
        if target.exists():
            if target.is_dir() and not any(target.iterdir()):
                target.rmdir()
            elif aside is not None:
                aside.mkdir(mode=0o700, exist_ok=True)
                target.rename(aside / target.name)
        source.rename(target)

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def unpacked(backup: Path, folder: Path, *, aside_for_secret: Path) -> Staged:
    """Files and keys of `backup`, unpacked into `folder`; nothing in them may reach outside it."""
    folder.mkdir(mode=0o700)
    for name in ("files", "keys"):
        (folder / name).mkdir(mode=0o700)
        archive = backup / f"{name}.tar"
        if archive.exists():
            with tarfile.open(archive) as stream:
                stream.extractall(folder / name, filter="data")
    return Staged(folder, aside_for_secret)


def seal_parts(folder: Path, key: Key) -> None:
    """Every part sealed under its own name; nothing unsealed stays."""
    for part in parts_in(folder):
        path = folder / part.name
        sealed = path.with_name(path.name + SEALING)
        with path.open("rb") as source, sealed.open("xb") as target:
            seal(key, source, target)
        sealed.chmod(0o600)
        sealed.replace(path)


def opened_parts(backup: Path, folder: Path, key: Key) -> Path:
    """The parts of a sealed backup, opened in `folder`. Raises ArchiveBroken."""
    folder.mkdir(mode=0o700, parents=True)
    for part in parts_in(backup):
        with (backup / part.name).open("rb") as source, (folder / part.name).open("xb") as target:
            unseal(key, source, target, name=part.name)
    return folder
