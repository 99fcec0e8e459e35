"""Columns of text as one buffer of UTF-8 bytes with a begin and an end per cell, for checks over millions of cells.

The layout is that of Arrow, so a column costs no Python object per cell. Every question is answered for all cells at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

_ALONE = 1000
"""Bytes that are counted together in the time in which one cell is counted alone."""


class Signs:
    """How many characters begin before each byte of a buffer; counted once for all columns that lie in it."""

    def __init__(self, data: NDArray[np.uint8]) -> None:
        self._data = data
        self.size = len(data)

    @cached_property
    def before(self) -> NDArray[np.int32]:
        begins = (self._data & 0xC0) != 0x80
        counted = np.zeros(self.size + 1, dtype=np.int32)
        np.cumsum(begins, dtype=np.int32, out=counted[1:])
        return counted


class TextColumn:
    """Cells `data[starts[i]:ends[i]]`. Columns that share a buffer share its `signs`."""

    def __init__(self, data: NDArray[np.uint8], starts: Ints, ends: Ints, signs: Signs | None = None) -> None:
        self.data = data
        self.starts = starts
        self.ends = ends
        self.signs = signs or Signs(data)

    @classmethod
    def of(cls, texts: Iterable[str]) -> TextColumn:
        """A column from texts; lone surrogates become question marks."""
        cells = [text.encode("utf-8", "replace") for text in texts]
        ends = np.cumsum(np.fromiter(map(len, cells), dtype=np.int64, count=len(cells)))
        starts = np.concatenate([np.zeros(1, dtype=np.int64), ends[:-1]]) if cells else ends
        return cls(np.frombuffer(b"".join(cells), dtype=np.uint8), starts, ends)

    def __len__(self) -> int:
        return len(self.starts)

    @cached_property
    def sizes(self) -> Ints:
        """Bytes of each cell."""
        return self.ends - self.starts

    @cached_property
    def empty(self) -> Bools:
        return np.asarray(self.sizes == 0)

    @cached_property
    def _words(self) -> NDArray[np.uint64]:
        """The eight bytes that begin at each byte, as one number."""
        shape = (max(len(self.data) - 7, 0),)
        return np.ndarray(shape=shape, dtype="<u8", buffer=self.data.data, strides=(1,))

    def text(self, row: int) -> str:
        """The text of one cell."""
        return self.raw(row).decode("utf-8", "replace")

    def raw(self, row: int) -> bytes:
        return self.data[self.starts[row] : self.ends[row]].tobytes()

    def byte(self, place: int, rows: Ints) -> NDArray[np.uint8]:
        """The byte at a place of each cell of `rows`; all of them are longer than that."""
        return np.asarray(self.data[self.starts[rows] + place])

    def equal(self, value: str, among: Ints | None = None) -> Bools:
        """Which cells are exactly `value`."""
        wanted = value.encode()
        size = len(wanted)
        found = self.sizes == size
        rows = np.flatnonzero(found) if among is None else among[found[among]]
        if among is not None:
            found = np.zeros(len(self), dtype=bool)
            found[rows] = True
        if not len(rows) or not size:
            return np.asarray(found)
        begins = self.starts[rows]
        same = np.ones(len(rows), dtype=bool)
        if size < 8:
            for place, byte in enumerate(wanted):
                same &= self.data[begins + place] == byte
        else:
            places = [*range(0, size - 7, 8)] + ([size - 8] if size % 8 else [])
            for place in places:
                word = np.frombuffer(wanted[place : place + 8], dtype="<u8")[0]
                same &= self._words[begins + place] == word
        found[rows] = same
        return np.asarray(found)

    def one_of(self, values: Sequence[str]) -> Bools:
        """Which cells are one of `values`."""
        found = np.zeros(len(self), dtype=bool)
        for value in values:
            found |= self.equal(value)
        return found

    def begins(self, value: str) -> Bools:
        """Which cells begin with `value` and go on."""
        wanted = value.encode()
        found = self.sizes > len(wanted)
        rows = np.flatnonzero(found)
        same = np.ones(len(rows), dtype=bool)
        for place, byte in enumerate(wanted):
            same &= self.byte(place, rows) == byte
        found[rows] = same
        return np.asarray(found)

    def longer(self, most: int) -> Ints:
        """The rows of cells with more than `most` characters.

        A sign takes one to four bytes, so most cells are judged by their size alone; the others are counted one by one when
        they are few, else together.
        """
        wrong = self.sizes > 4 * most
        open_ = np.flatnonzero((self.sizes > most) & ~wrong)
        if len(open_) * _ALONE < self.signs.size:
            wrong[[row for row in open_.tolist() if len(self.text(row)) > most]] = True
        else:
            counted = self.signs.before
            wrong[open_] = counted[self.ends[open_]] - counted[self.starts[open_]] > most
        return np.flatnonzero(wrong)
