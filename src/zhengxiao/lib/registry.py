"""A name → declaration table that is filled while apps start and closed afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Registry(Generic[T]):
    """Refuses a second entry under one name and any entry after `close()`."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._entries: dict[str, T] = {}
        self._closed = False

    def add(self, name: str, entry: T) -> None:
        if self._closed:
            raise RuntimeError(f"{self.kind} registry is closed; {name!r} came too late")
        if name in self._entries:
            raise RuntimeError(f"{self.kind} {name!r} is declared twice")
        self._entries[name] = entry

    def close(self) -> None:
        self._closed = True

    def __getitem__(self, name: str) -> T:
        try:
            return self._entries[name]
        except KeyError:
            raise KeyError(f"no {self.kind} named {name!r}") from None

    def get(self, name: str) -> T | None:
        """The entry under this name; None when nobody declared it."""
        return self._entries.get(name)

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    def values(self) -> list[T]:
        return [self._entries[name] for name in self]
