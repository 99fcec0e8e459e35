"""The tree's arithmetic against trees made by the definition of RFC 6962."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengxiao.kernel.proof import verifier
from zhengxiao.kernel.proof.rules import Frontier, consistency_path, inclusion_path, span
from zhengxiao.kernel.proof.verifier import Refused, check_consistency, check_inclusion
from zhengxiao.lib.hashing import leaf_hash

LEAVES = [leaf_hash(str(n).encode()) for n in range(1200)]


def by_definition(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, word for word."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    both = by_definition(leaves[:split]) + by_definition(leaves[split:])
    return hashlib.sha256(b"\x01" + both).digest()


def tiles(size: int):
    """The kept nodes of the tree over the first `size` leaves, as a frontier gives them."""
    frontier, kept = Frontier(), {}
    for leaf in LEAVES[:size]:
        for node in frontier.append(leaf):
            kept[node.level, node.number] = node.digest

    def tile(level: int, number: int) -> list[bytes]:
        if level == 0:
            return LEAVES[:size][number * 256 : number * 256 + 256]
        return [kept[level, n] for n in range(number * 256, number * 256 + 256) if (level, n) in kept]

    return tile


def test_the_vectors_of_the_standard_hold():
    empty_leaf = verifier._hash("sha256", b"")
    assert empty_leaf.hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


def test_a_growing_frontier_has_the_root_of_the_definition_at_every_size():
    frontier = Frontier()
    for size in range(1, 201):
        list(frontier.append(LEAVES[size - 1]))
        assert frontier.root() == by_definition(LEAVES[:size])
        assert Frontier.unpacked(size, frontier.packed()) == frontier
        assert span(0, size, tiles(size)) == frontier.root()


def test_a_frontier_of_another_size_is_refused():
    with pytest.raises(ValueError, match="does not belong"):
        Frontier.unpacked(3, LEAVES[0])
    with pytest.raises(ValueError, match="no root"):
        Frontier().root()


sizes = st.integers(1, 200) | st.sampled_from([255, 256, 257, 511, 512, 513, 767, 1024, 1111])


@settings(max_examples=200, deadline=None)
@given(sizes, st.data())
def test_an_inclusion_proof_holds_for_its_leaf_and_for_nothing_else(size, data):
    index = data.draw(st.integers(0, size - 1))
    path, root = inclusion_path(index, size, tiles(size)), by_definition(LEAVES[:size])
    check_inclusion(index, size, LEAVES[index], path, root, "sha256")
    assert len(path) <= (size - 1).bit_length()
    other = data.draw(st.integers(0, size + 3))
    forged = [
        (index, size, LEAVES[index], [*path, LEAVES[0]], root),
        (index, size, leaf_hash(b"forged"), path, root),
        (index, size, LEAVES[index], path, leaf_hash(b"root")),
    ]
    if path:
        forged += [
            (index, size, LEAVES[index], path[:-1], root),
            (index, size, LEAVES[index], path[1:], root),
            (index, size, LEAVES[index], [LEAVES[-1], *path[1:]], root),
        ]
    if len(path) > 1:
        forged.append((index, size, LEAVES[index], path[::-1], root))
    if other != index:
        forged.append((other, size, LEAVES[index], path, root))
    for claim in forged:
        with pytest.raises(Refused):
            check_inclusion(*claim, "sha256")


@settings(max_examples=200, deadline=None)
@given(sizes, st.data())
def test_a_consistency_proof_holds_for_a_beginning_and_for_no_other_tree(size, data):
    old = data.draw(st.integers(1, size))
    path = consistency_path(old, size, tiles(size))
    before, root = by_definition(LEAVES[:old]), by_definition(LEAVES[:size])
    check_consistency(old, before, size, root, path, "sha256")
    forged = [
        (old, leaf_hash(b"rewritten"), size, root, path),
        (old, before, size, leaf_hash(b"rewritten"), path),
        (old, before, size, root, [*path, LEAVES[0]]),
    ]
    if path:
        forged += [
            (old, before, size, root, path[:-1]),
            (old, before, size, root, [LEAVES[-1], *path[1:]]),
        ]
        rewritten = [leaf_hash(b"other"), *LEAVES[1:size]]
        forged.append((old, before, size, by_definition(rewritten), path))
    if old < size:
        forged.append((size, root, old, before, path))
    for claim in forged:
        with pytest.raises(Refused):
            check_consistency(*claim, "sha256")


def test_every_pair_of_sizes_up_to_forty_is_consistent():
    for size in range(1, 41):
        for old in range(1, size + 1):
            path = consistency_path(old, size, tiles(size))
            before, root = by_definition(LEAVES[:old]), by_definition(LEAVES[:size])
            check_consistency(old, before, size, root, path, "sha256")


def test_no_proof_is_made_for_what_is_not_in_the_tree():
    for index, size in ((-1, 3), (3, 3), (0, 0)):
        with pytest.raises(ValueError, match="no leaf"):
            inclusion_path(index, size, tiles(size))
    for old, size in ((0, 3), (4, 3)):
        with pytest.raises(ValueError, match="does not continue"):
            consistency_path(old, size, tiles(size))
    with pytest.raises(LookupError, match="not all there"):
        inclusion_path(0, 9, tiles(7))
