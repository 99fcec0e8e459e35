"""The Merkle tree (RFC 6962) as arithmetic: how leaves become a root, and which nodes prove a leaf or a continuation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from zhengxiao.lib.hashing import DIGEST_BYTES, Algorithm, node_hash

STEP = 8
WIDTH = 1 << STEP
"""Inner nodes are kept every eight levels (over 256, 65,536, … leaves); those between take at most 255 hashes to make again."""

Tile = Callable[[int, int], Sequence[bytes]]
"""`tile(level, number)`: the kept nodes (leaves at level 0) number × 256 onwards, at most 256 of them. The hash that made
them is named beside it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An inner node that is complete and will never change: the root of 2**level leaves."""

    level: int
    number: int
    digest: bytes


@dataclass
class Frontier:
    """The right edge of a growing tree: one node per set bit of `size`, the widest first. Appending is O(log n)."""

    size: int = 0
    nodes: list[bytes] = field(default_factory=list)
    algorithm: Algorithm = "sha256"

    @classmethod
    def unpacked(cls, size: int, packed: bytes, algorithm: Algorithm = "sha256") -> Frontier:
        """The frontier that `packed()` wrote; ValueError when it cannot belong to a tree of `size`."""
        nodes = [packed[at : at + DIGEST_BYTES] for at in range(0, len(packed), DIGEST_BYTES)]
        if len(packed) != DIGEST_BYTES * size.bit_count():
            raise ValueError(f"a frontier of {len(packed)} bytes does not belong to a tree of {size} leaves")
        return cls(size, nodes, algorithm)

    def packed(self) -> bytes:
        return b"".join(self.nodes)

    def append(self, leaf: bytes) -> Iterator[Kept]:
        """Take one more leaf; the nodes to keep that it completes, lowest first. To be run to its end."""
        number, level, node = self.size, 0, leaf
        self.size += 1
        while number & 1:
            node = node_hash(self.nodes.pop(), node, self.algorithm)
            number, level = number >> 1, level + 1
            if level % STEP == 0:
                yield Kept(level, number, node)
        self.nodes.append(node)

    def root(self) -> bytes:
        """The root over all leaves so far; ValueError for an empty tree, which nobody signs."""
        if not self.nodes:
            raise ValueError("an empty tree has no root here")
        node = self.nodes[-1]
        for left in reversed(self.nodes[:-1]):
            node = node_hash(left, node, self.algorithm)
        return node


def fold(nodes: Sequence[bytes], algorithm: Algorithm = "sha256") -> bytes:
    """The root over `nodes` as leaves: pairs joined level by level, an odd last one moves up as it is."""
    level = list(nodes)
    while len(level) > 1:
        odd = level[-1:] if len(level) & 1 else []
        level = [node_hash(*pair, algorithm) for pair in zip(level[::2], level[1::2], strict=False)] + odd
    return level[0]


def _split(count: int) -> int:
    """The largest power of two below `count` (at least 2)."""
    return 1 << (count - 1).bit_length() - 1


def span(begin: int, end: int, tile: Tile, algorithm: Algorithm = "sha256") -> bytes:
    """The root over the leaves [begin, end), where `begin` is a multiple of a power of two that is at least their number."""
    count = end - begin
    level = (count.bit_length() - 1) // STEP * STEP
    whole, first = count >> level, begin >> level
    at = first % WIDTH
    nodes = list(tile(level, first // WIDTH)[at : at + whole])
    if len(nodes) != whole:
        raise LookupError(f"nodes {first} to {first + whole} of level {level} are not all there")
    rest = begin + (whole << level)
    if rest < end:
        nodes.append(span(rest, end, tile, algorithm))
    return fold(nodes, algorithm)


def inclusion_path(index: int, size: int, tile: Tile, algorithm: Algorithm = "sha256") -> list[bytes]:
    """The nodes that lead from leaf `index` to the root of the first `size` leaves, lowest first."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    begin, end, path = 0, size, []
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            path.append(span(middle, end, tile, algorithm))
            end = middle
        else:
            path.append(span(begin, middle, tile, algorithm))
            begin = middle
    return path[::-1]


def consistency_path(old: int, size: int, tile: Tile, algorithm: Algorithm = "sha256") -> list[bytes]:
    """The nodes that show the tree of `size` leaves to begin with the tree of its first `old` leaves."""
    if not 0 < old <= size:
        raise ValueError(f"a tree of {size} leaves does not continue one of {old}")
    begin, end, whole, path = 0, size, True, []
    while end != old:
        middle = begin + _split(end - begin)
        if old <= middle:
            path.append(span(middle, end, tile, algorithm))
            end = middle
        else:
            path.append(span(begin, middle, tile, algorithm))
            begin, whole = middle, False
    if not whole:
        path.append(span(begin, end, tile, algorithm))
    return path[::-1]
