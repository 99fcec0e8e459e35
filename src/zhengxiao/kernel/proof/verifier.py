#!/usr/bin/env python3
"""Checks a Zhengxiao proof away from Zhengxiao: this one file, Python 3.9 or newer, nothing to install.

    python verifier.py PROOF.json --key KEY [--checkpoint OLDER.txt ...]     the entries of a case
    python verifier.py --checkpoint ONE.txt --checkpoint TWO.txt --key KEY   two heads of the same tree

A proof holds the entries of one subject as they were hashed, the way of each to the root of the Merkle tree
(RFC 6962, SHA-256 or SM3), and the root signed by the platform (a C2SP checkpoint, Ed25519). It may open personal
values that the entries hold as salted commitments only. Get KEY from somebody other than who gave the proof.
Exit code 0: holds, 1: does not hold, 2: could not be read.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

FORMAT = "zhengxiao-proof/1"
LARGEST_FILE = 64 * 1024 * 1024
LARGEST_TREE = 2**62


class Refused(Exception):
    """The claim does not hold. `code` is stable, the text is for people."""

    def __init__(self, code: str, text: str) -> None:
        self.code = code
        super().__init__(text)


class Malformed(Refused):
    """Not a proof, key or checkpoint at all."""


def _need(holds: object, code: str, text: str, refused: type[Refused] = Refused) -> None:
    if not holds:
        raise refused(code, text)


# Ed25519 (RFC 8032), verification only
_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_TURN = pow(2, (_P - 1) // 4, _P)

Point = tuple[int, int, int, int]
Nodes = Sequence[bytes]
_ZERO: Point = (0, 1, 1, 0)


def _add(a: Point, b: Point) -> Point:
    """Complete addition in extended coordinates; doubling is adding a point to itself."""
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % _P, (a[1] + a[0]) * (b[1] + b[0]) % _P
    g, h = 2 * a[3] * b[3] * _D % _P, 2 * a[2] * b[2] % _P
    w, x, y, z = f - e, h - g, h + g, f + e
    return w * x % _P, y * z % _P, x * y % _P, w * z % _P


def _point(data: bytes) -> Point | None:
    """The point that 32 bytes spell in the one allowed way, or None."""
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    u, v = (y * y - 1) % _P, (_D * y * y + 1) % _P
    x = u * v**3 * pow(u * v**7 % _P, (_P - 5) // 8, _P) % _P
    x = x * _TURN % _P if (v * x * x - u) % _P else x
    if y >= _P or (v * x * x - u) % _P or (x == 0 and sign):
        return None
    x = x if x & 1 == sign else _P - x
    return x, y, 1, x * y % _P


def _spelled(point: Point) -> bytes:
    back = pow(point[2], _P - 2, _P)
    x, y = point[0] * back % _P, point[1] * back % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


_BASE = _point((4 * pow(5, _P - 2, _P) % _P).to_bytes(32, "little")) or _ZERO


def signature_holds(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` (64 bytes) over `message` is by the holder of `public` (32 bytes). Keys of small order never sign."""
    key = _point(public) if (len(public), len(signature)) == (32, 64) else None
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or scalar >= _L:
        return False
    twice = _add(key, key)
    four = _add(twice, twice)
    factor = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % _L
    minus = (-key[0] % _P, key[1], key[2], -key[3] % _P)
    table = (_ZERO, _BASE, minus, _add(_BASE, minus))
    total = _ZERO
    for bit in range(252, -1, -1):
        total = _add(_add(total, total), table[(scalar >> bit & 1) | (factor >> bit & 1) << 1])
    return _spelled(_add(four, four)) != _spelled(_ZERO) and _spelled(total) == signature[:32]


# the Merkle tree (RFC 6962; checks as in RFC 9162 section 2.1)
def _hash(algorithm: str, *children: bytes) -> bytes:
    """A leaf is the hash of 0x00 and the payload, an inner node that of 0x01 and its two children."""
    return hashlib.new(algorithm, (b"\x00" if len(children) == 1 else b"\x01") + b"".join(children)).digest()


def _climb(at: int, last: int, start: bytes, path: Nodes, hashed: str) -> tuple[bytes, bytes]:
    """From the node `at` of a level that ends with `last` to the root: of the tree that ends at `at`, and of the whole."""
    before = after = start
    for part in path:
        _need(last, "path_length", "证明路径过长")
        if at & 1 or at == last:
            before, after = _hash(hashed, part, before), _hash(hashed, part, after)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            after = _hash(hashed, after, part)
        at, last = at >> 1, last >> 1
    _need(last == 0, "path_length", "证明路径过短")
    return before, after


def check_inclusion(index: int, size: int, leaf: bytes, path: Nodes, root: bytes, hashed: str) -> None:
    """`leaf` stands at `index` of the tree of `size` leaves with `root`; else Refused. The path has exactly the needed length."""
    _need(0 <= index < size, "index", f"序号 {index} 不在共 {size} 条的树中")
    top = _climb(index, size - 1, leaf, path, hashed)[1]
    _need(top == root, "inclusion", f"第 {index} 条记录不在已签名的树中")


def check_consistency(old: int, was: bytes, new: int, root: bytes, path: Nodes, hashed: str) -> None:
    """The tree of `new` leaves begins with the tree of `old` leaves; else Refused."""
    _need(0 < old <= new, "shorter", f"树只有 {new} 条，而外部检查点已有 {old} 条：首个缺失序号 {new}")
    one_view = old != new or was == root
    _need(one_view, "split_view", f"同一大小 {old} 有两个不同的树根：两处看到的历史不一致")
    at, last = old - 1, new - 1
    while at & 1 or (old == new and last):
        at, last = at >> 1, last >> 1
    parts = [was, *path] if at == 0 else list(path)
    _need(parts, "path_length", "证明路径过短")
    joined = _climb(at, last, parts[0], parts[1:], hashed) == (was, root)
    _need(joined, "consistency", f"大小 {new} 的树不是从大小 {old} 的检查点延续而来：历史被改写")


# keys and checkpoints (C2SP signed notes)
class Key(NamedTuple):
    """Who signs: `name+id+base64(0x01 || public key)`; the id is a hash over name and key."""

    name: str
    key_id: str
    public: bytes


class Checkpoint(NamedTuple):
    """One signed root: `hashed` how (sha256, sm3), `body` are the signed bytes, `signatures` (name, key id, signature)."""

    origin: str
    size: int
    root: bytes
    hashed: str
    at: str
    body: bytes
    signatures: tuple[tuple[str, str, bytes], ...]


_NAME = r"[^\s+\x00-\x1f\x7f]{1,100}"
_TIME = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"
_KEY = re.compile(rf"({_NAME})\+([0-9a-f]{{8}})\+([A-Za-z0-9+/=]{{1,100}})")
_SIGNED = rf"— ({_NAME}) ([A-Za-z0-9+/=]{{1,200}})\n"
_HEAD = rf"({_NAME})\n([1-9][0-9]{{0,18}})\n(.+)\nalgorithm (sha256|sm3)\ntime ({_TIME})\n"
_NOTE = re.compile(rf"({_HEAD})\n(?:{_SIGNED}){{1,16}}")


def _bytes(text: Any, length: int, what: str) -> bytes:
    """Base64 in its one spelling, of exactly `length` bytes."""
    try:
        found = base64.b64decode(text, validate=True)
    except (TypeError, ValueError):
        raise Malformed("malformed", f"{what}不是 Base64") from None
    one_spelling = len(found) == length and base64.b64encode(found).decode("ascii") == text
    _need(one_spelling, "malformed", f"{what}的长度或写法不对", Malformed)
    return found


def key_id(name: str, public: bytes) -> str:
    return hashlib.sha256(name.encode() + b"\n\x01" + public).hexdigest()[:8]


def read_key(text: str) -> Key:
    match = _KEY.fullmatch(text.strip())
    if match is None:
        raise Malformed("key", "公钥的写法不对")
    raw = _bytes(match[3], 33, "公钥")
    _need(raw[0] == 1 and key_id(match[1], raw[1:]) == match[2], "key", "公钥与其编号不符", Malformed)
    return Key(match[1], match[2], raw[1:])


def read_checkpoint(text: str) -> Checkpoint:
    """The parts of a checkpoint in its one spelling; nothing is believed yet."""
    said = _NOTE.fullmatch(text)
    if said is None or int(said[3]) > LARGEST_TREE:
        raise Malformed("checkpoint", "不是检查点文件")
    known = said[5] in hashlib.algorithms_available
    _need(known, "no_sm3", "本机的 Python 不带 SM3：请换用 OpenSSL 1.1.1 或更新版编译的 Python", Malformed)
    raws = [(name, _bytes(raw, 68, "签名")) for name, raw in re.findall(_SIGNED, text[said.end(1) :])]
    signatures = tuple((name, raw[:4].hex(), raw[4:]) for name, raw in raws)
    root, body = _bytes(said[4], 32, "树根"), said[1].encode()
    return Checkpoint(said[2], int(said[3]), root, said[5], said[6], body, signatures)


def check_signature(checkpoint: Checkpoint, keys: Sequence[Key]) -> Key:
    """The key of `keys` that signed; Refused when none did. Signatures by other keys (witnesses) are passed over."""
    for name, number, signature in checkpoint.signatures:
        for key in keys:
            if (key.name, key.key_id) == (name, number) and name == checkpoint.origin:
                holds = signature_holds(key.public, checkpoint.body, signature)
                _need(holds, "signature", f"大小 {checkpoint.size} 的检查点签名无效")
                return key
    raise Refused("wrong_key", f"大小 {checkpoint.size} 的检查点不是由所给公钥签名")


class Proof(NamedTuple):
    """What a file shows: `entries` (index, what was hashed), `opened` (index, name, value). `own_key`: it came along."""

    subject: str
    checkpoint: Checkpoint
    key: Key
    own_key: bool
    entries: tuple[tuple[int, Any], ...]
    uncovered: int
    compared: tuple[int, ...]
    opened: tuple[tuple[int, str, Any], ...]


def _once(pairs: list[tuple[str, Any]]) -> Any:
    _need(len(dict(pairs)) == len(pairs), "malformed", "字段重复", Malformed)
    return dict(pairs)


def _json(text: str) -> Any:
    try:  # int("NaN") raises ValueError, too
        return json.loads(text, object_pairs_hook=_once, parse_constant=int)
    except (ValueError, RecursionError):
        raise Malformed("malformed", "不是合格的 JSON") from None


def _parts(value: Any, names: Sequence[str], **absent: Any) -> list[Any]:
    """The values of an object that has exactly these names; those in `absent` may be left out."""
    exact = isinstance(value, dict) and {**absent, **value}.keys() == set(names)
    _need(exact, "malformed", f"应恰有这些字段：{'、'.join(names)}", Malformed)
    return [{**absent, **value}[name] for name in names]


def _number(value: Any) -> int:
    _need(type(value) is int and 0 <= value <= LARGEST_TREE, "malformed", "应为非负整数", Malformed)
    return int(value)


def _text(value: Any) -> str:
    good = isinstance(value, str) and not any("\ud800" <= letter <= "\udfff" for letter in value)
    _need(good, "malformed", "应为文本", Malformed)
    return str(value)


def _path(value: Any) -> list[bytes]:
    _need(isinstance(value, list) and len(value) <= 130, "malformed", "证明路径不对", Malformed)
    return [_bytes(part, 32, "路径节点") for part in value]


def check_proof(text: str, keys: Sequence[Key] = (), older: Sequence[str] = ()) -> Proof:
    """What the proof file `text` shows, or Refused. `keys` are trusted; without any, the file's own key is taken and told.

    `older` are checkpoints that somebody else kept: the tree must be a continuation of each.
    """
    names = ("format", "subject", "checkpoint", "key", "entries", "uncovered", "consistency", "openings")
    version, subject, note, own, rows, uncovered, steps, openings = _parts(_json(text), names, openings=[])
    lists = all(isinstance(part, list) for part in (rows, steps, openings))
    _need(lists and version == FORMAT, "malformed", f"应为 {FORMAT} 格式", Malformed)
    kind, number, label = _parts(subject, ("kind", "id", "name"))
    checkpoint, own_key = read_checkpoint(_text(note)), read_key(_text(own))
    key = check_signature(checkpoint, keys or [own_key])
    entries = _entries(rows, checkpoint, [_text(kind), _number(number)])
    pairs = [_parts(step, ("size", "proof")) for step in steps]
    paths = {_number(size): _path(path) for size, path in pairs}
    compared = tuple(_compare(checkpoint, note, paths, keys or [own_key]) for note in older)
    opened = _opened(openings, entries, checkpoint.hashed)
    return Proof(_text(label), checkpoint, key, not keys, entries, _number(uncovered), compared, opened)


def _entries(rows: list[Any], head: Checkpoint, subject: list[Any]) -> tuple[tuple[int, Any], ...]:
    entries: list[tuple[int, Any]] = []
    for row in rows:
        index, payload, path = _parts(row, ("index", "payload", "proof"))
        leaf = _hash(head.hashed, _text(payload).encode("utf-8"))
        ordered = not entries or _number(index) > entries[-1][0]
        _need(ordered, "order", "记录的序号没有依次递增：被调换或重复")
        check_inclusion(_number(index), head.size, leaf, _path(path), head.root, head.hashed)
        said = _json(payload)
        own = isinstance(said, dict) and said.get("subject") == subject
        _need(own, "foreign_entry", f"第 {index} 条记录说的是另一个对象")
        entries.append((index, said))
    return tuple(entries)


def _opened(rows: list[Any], entries: Sequence[tuple[int, Any]], hashed: str) -> Any:
    """Each personal value as (index, name, value), which the entry at the index commits to under that name; else Refused."""
    waiting, opened = dict(entries), []
    for row in rows:
        index, salt, text, values = _parts(row, ("index", "salt", "rows", "values"))
        entry, drawn = waiting.pop(_number(index), {}), _bytes(salt, 16, "盐")
        hidden = {f"data.{name}": value for name, value in entry.get("data", {}).items()}
        if _text(text):  # the rows that the entry wrote; it holds the hash of this text
            sealed = hashlib.new(hashed, text.encode()).hexdigest() == entry.get("rows")
            _need(sealed, "opening", f"第 {index} 条记录写的不是这些行")
            for table, versions in _json(text).items():
                for key, _mark, *parts in versions:
                    hidden.update((f"{table}.{key}.{name}", part[name]) for part in parts for name in part)
        _need(isinstance(values, dict) and values, "malformed", "公开的值不对", Malformed)
        for name in values:
            said = drawn + _text(name).encode() + b"\x00" + _text(values[name]).encode()
            kept = hidden.get(name) == {"~": hashlib.new(hashed, said).hexdigest()}
            _need(kept, "opening", f"第 {index} 条记录没有在 {name} 之下承诺过这个值")
            opened.append((index, name, _json(values[name])))
    return tuple(opened)


def _compare(head: Checkpoint, note: str, paths: Any, keys: Sequence[Key]) -> int:
    older = read_checkpoint(note)
    check_signature(older, keys)
    _need((older.origin, older.hashed) == (head.origin, head.hashed), "origin", "检查点来自另一个平台")
    led = older.size >= head.size or older.size in paths
    _need(led, "no_consistency", f"文件中没有针对大小 {older.size} 的一致性证明", Malformed)
    check_consistency(older.size, older.root, head.size, head.root, paths.get(older.size, []), head.hashed)
    return older.size


def check_heads(notes: Sequence[str], keys: Sequence[Key]) -> tuple[Checkpoint, ...]:
    """Signed heads shown to different people: two roots of one size are a split view (Refused)."""
    heads = tuple(read_checkpoint(note) for note in notes)
    seen: dict[tuple[str, int], bytes] = {}
    for head in heads:
        check_signature(head, keys)
        same = seen.setdefault((head.origin, head.size), head.root) == head.root
        _need(same, "split_view", f"同一大小 {head.size} 有两个不同的树根：两处看到的历史不一致")
    return heads


def _read(path: str) -> str:
    try:
        with Path(path).open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
        _need(len(data) <= LARGEST_FILE, "malformed", f"{path} 太大", Malformed)
        return data.decode("utf-8")
    except (OSError, ValueError) as error:
        raise Malformed("unreadable", f"读不了 {path}：{error}") from None


def _told(proof: Proof) -> list[str]:
    lines = [f"成立：{proof.subject} 的 {len(proof.entries)} 条记录都在已签名的树中"]
    for index, entry in proof.entries:
        told = [str(entry.get(key, "")) for key in ("at", "fact", "actor_name")]
        lines.append("  ".join([f"  #{index}", *told]))
    lines += [f"  #{index} 所承诺的 {name}：{value}" for index, name, value in proof.opened]
    head = proof.checkpoint
    lines.append(f"检查点：{head.origin}，共 {head.size} 条，{head.at}，公钥 {proof.key.key_id}")
    lines += [f"与外部检查点（大小 {size}）一致" for size in proof.compared]
    lines += [f"注意：另有 {proof.uncovered} 条较新的记录尚未签名，不在此证明中"] * bool(proof.uncovered)
    return lines + ["注意：公钥来自证明文件本身；请用 --key 给出从别处得到的公钥"] * proof.own_key


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("proof", nargs="?", help="the proof file")
    parser.add_argument("--key", help="trusted public key, or a file with one per line")
    parser.add_argument("--checkpoint", action="append", default=[], help="a checkpoint somebody else kept")
    options, code = parser.parse_args(arguments), 0
    try:
        said = options.key and (_read(options.key) if not _KEY.fullmatch(options.key) else options.key)
        keys = [read_key(line) for line in (said or "").splitlines() if line.strip()]
        notes = [_read(path) for path in options.checkpoint]
        asked = options.proof or (len(notes) > 1 and keys)
        _need(asked, "usage", "请给出证明文件，或至少两个检查点和公钥", Malformed)
        if options.proof:
            lines = _told(check_proof(_read(options.proof), keys, notes))
        else:
            lines = [f"成立：{len(check_heads(notes, keys))} 个检查点签名有效，没有两个不同的树根"]
    except Refused as refused:
        lines, code = [f"不成立（{refused.code}）：{refused}"], 2 if isinstance(refused, Malformed) else 1
    for line in lines:  # without control characters: a proof must not steer the terminal of whoever reads it
        plain = "".join(letter if letter.isprintable() else "?" for letter in line)
        print(plain, file=sys.stderr if code else sys.stdout)
    return code


if __name__ == "__main__":
    sys.exit(main())
