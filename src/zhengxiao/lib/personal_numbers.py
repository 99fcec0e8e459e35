"""Numbers of persons in running text: what must not be published, found before it is (PIPL art. 25, 28).

Pure and linear in the length of the text. What is found is told by kind and place; the number itself is neither
kept nor printed. Resident numbers need a real birth date and a right check sign, so that case numbers, credit codes
and amounts stay. Known gaps: numbers written out in Chinese words, and fixed-line phones (mostly those of offices).
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from zhengxiao.lib.identifiers import PROVINCES, resident_id_fault
from zhengxiao.lib.refusals import Refusal, gettext_noop


class NumberKind(StrEnum):
    """What kind of number was found."""

    RESIDENT = "resident"
    RESIDENT_OLD = "resident_15"
    PHONE = "phone"
    CARD = "card"


NUMBER_WORDS: Mapping[NumberKind, str] = {
    NumberKind.RESIDENT: gettext_noop("公民身份号码"),
    NumberKind.RESIDENT_OLD: gettext_noop("15 位身份证号码"),
    NumberKind.PHONE: gettext_noop("手机号码"),
    NumberKind.CARD: gettext_noop("银行卡号"),
}


class PersonalNumbersFound(Refusal):
    """For gates: `count` numbers, the first of kind `kind` in line `line`."""

    template = gettext_noop("内容含有个人号码 {count} 处，首处为第 {line} 行的{kind}。请删除或遮盖后再发布。")


@dataclass(frozen=True, slots=True)
class Found:
    """One number: its kind, and where it stands in the text that was given (`text[start:end]`)."""

    kind: NumberKind
    start: int
    end: int


_PIECE = re.compile("[0-9]+")
# What people put between groups of digits. No line break: two lines are two things.
_JOINT = re.compile("[ \t.·_/\u2010-\u2015\u2212-]{1,2}")
_WORD = re.compile("[0-9A-Za-z+/=]+")
_PHONE = re.compile("(?:00)?(?:86)?(1[3-9][0-9]{9})")
_CARD = re.compile("(?:62[0-9]{14,17}|[45][0-9]{15}|3[47][0-9]{13})")
_LONG_WORD = 40
"""Digests and sealed values hold runs of digits by chance; in words this long only check signs are believed."""


def personal_numbers(text: str, *, cards: bool = False) -> tuple[Found, ...]:
    """Every number of a person in `text`, in order, none overlapping. `cards`: bank cards too (Luhn).

    Full-width, circled and superscript digits count as digits (NFKC); invisible signs between digits are skipped;
    groups may be set apart by blanks, dashes, dots. Numbers written together ("身份证手机") are told apart.
    """
    plain, places = _folded(text)
    pieces = [(match.start(), match.end()) for match in _PIECE.finditer(plain)]
    found: list[Found] = []
    taken = 0
    for number, (start, _end) in enumerate(pieces):
        if start < taken:
            continue
        for kind, first, last in _at(plain, pieces, number, cards):
            origin = (first, last) if places is None else (places[first], places[last - 1] + 1)
            found.append(Found(kind, *origin))
            taken = last
    return tuple(found)


def covered(text: str, *, sign: str = "*", cards: bool = False) -> str:
    """The text with every sign of each number replaced; lengths and line ends stay."""
    result = list(text)
    for one in personal_numbers(text, cards=cards):
        result[one.start : one.end] = sign * (one.end - one.start)
    return "".join(result)


def refuse_personal_numbers(text: str, *, field: str | None = None, cards: bool = False) -> None:
    """The gate before publication. Raises PersonalNumbersFound; its words hold no number."""
    found = personal_numbers(text, cards=cards)
    if found:
        line = text.count("\n", 0, found[0].start) + 1
        raise PersonalNumbersFound(
            field=field,
            count=len(found),
            line=line,
            kind=NUMBER_WORDS[found[0].kind],
            code=found[0].kind.value,
        )


def _folded(text: str) -> tuple[str, Sequence[int] | None]:
    """The text as digits are meant, and for each of its signs the place it came from (None: the same)."""
    if text.isascii():
        return text, None
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        if "\u3400" <= sign <= "\u9fff" or sign < "\x80":
            signs.append(sign)
            places.append(place)
            continue
        if unicodedata.category(sign) == "Cf":
            continue
        meant = unicodedata.normalize("NFKC", sign)
        if len(meant) == 1 and meant.isdecimal():
            meant = str(unicodedata.decimal(meant))
        signs.extend(meant)
        places.extend([place] * len(meant))
    return "".join(signs), places


Hit = tuple[NumberKind, int, int]
Pieces = Sequence[tuple[int, int]]


def _at(plain: str, pieces: Pieces, number: int, cards: bool) -> Iterator[Hit]:
    """What begins with this piece of digits: alone, split into several numbers, or joined with the next ones."""
    start, end = pieces[number]
    piece = plain[start:end]
    if end - start >= 11:
        whole = list(_split(plain, start, end))
        if whole:
            yield from whole
            return
        if cards and _CARD.fullmatch(piece) and _luhn(piece):
            yield NumberKind.CARD, start, end
            return
    if end - start <= 17:
        yield from _joined(plain, pieces, number, cards)


def _split(plain: str, start: int, end: int) -> Iterator[Hit]:
    """The piece as one number or several without anything between them; nothing unless all of it is told."""
    hits: list[Hit] = []
    place = start
    while place < end:
        hit = _one(plain, place, end)
        if hit is None:
            return
        hits.append(hit)
        place = hit[2]
    yield from hits


def _one(plain: str, start: int, end: int) -> Hit | None:
    """The number that begins at `start` and stops at `end`, or before what may be another number."""
    rest = end - start
    if rest == 17 and plain[end : end + 1] in "Xx" and _resident(plain[start:end] + "X"):
        return NumberKind.RESIDENT, start, end + 1
    if rest >= 18 and _resident(plain[start : start + 18]):
        return NumberKind.RESIDENT, start, start + 18
    believed = _believable(plain, start, end)
    if rest == 15 and believed and _resident_old(plain[start:end]):
        return NumberKind.RESIDENT_OLD, start, end
    match = _PHONE.match(plain, start, end) if believed else None
    # "86" and "00" only belong to a phone when nothing follows; else a number of a person would be cut in two.
    if match and (match.end() == end or end - match.end() in (11, 13, 17, 18)):
        return NumberKind.PHONE, match.start(1), match.end(1)
    return None


def _joined(plain: str, pieces: Pieces, number: int, cards: bool) -> Iterator[Hit]:
    """Groups of digits with a joint between them that make one number together."""
    start, end = pieces[number]
    digits, groups = plain[start:end], [end - start]
    for following, until in pieces[number + 1 : number + 19]:
        if len(digits) >= 19 or not _JOINT.fullmatch(plain, end, following):
            break
        if groups == [2] and digits == "86":
            break
        digits += plain[following:until]
        groups.append(until - following)
        end = until
        if len(digits) == 17 and plain[end : end + 1] in "Xx" and _resident(digits + "X"):
            yield NumberKind.RESIDENT, start, end + 1
            return
        if len(digits) == 18 and _resident(digits):
            yield NumberKind.RESIDENT, start, end
            return
        if groups in ([3, 4, 4], [3, 8], [7, 4]) and _PHONE.fullmatch(digits) and _alone(plain, end):
            yield NumberKind.PHONE, start, end
            return
        if cards and set(groups[:-1]) == {4} and _CARD.fullmatch(digits) and _luhn(digits):
            yield NumberKind.CARD, start, end
            return
    if len(groups) > 1 and plain[end : end + 1] == "":
        return
    yield from _check_sign_apart(plain, start, pieces, number)


def _check_sign_apart(plain: str, start: int, pieces: Pieces, number: int) -> Iterator[Hit]:
    """A resident number whose X stands apart from its digits."""
    digits = ""
    for first, last in pieces[number : number + 17]:
        digits += plain[first:last]
        if len(digits) > 17:
            return
        joint = _JOINT.match(plain, last)
        if len(digits) == 17 and joint and plain[joint.end() : joint.end() + 1] in tuple("Xx"):
            if _resident(digits + "X"):
                yield NumberKind.RESIDENT, start, joint.end() + 1
            return
        if not joint:
            return


def _alone(plain: str, end: int) -> bool:
    return not plain[end : end + 1].isdigit()


def _believable(plain: str, start: int, end: int) -> bool:
    """Not inside a long word with letters in it, looked at no further than it matters."""
    low, high = max(0, start - _LONG_WORD), min(len(plain), end + _LONG_WORD)
    before = re.search(r"[0-9A-Za-z+/=]*\Z", plain[low:start])
    after = _WORD.match(plain, start, high)
    word = (before[0] if before else "") + (after[0] if after else "")
    return len(word) <= _LONG_WORD or sum(sign.isalpha() and sign not in "Xx" for sign in word) == 0


def _resident(digits: str) -> bool:
    return digits[:2] in PROVINCES and digits[6:8] in ("18", "19", "20") and resident_id_fault(digits) is None


def _resident_old(digits: str) -> bool:
    if digits[:2] not in PROVINCES:
        return False
    try:
        dt.date(1900 + int(digits[6:8]), int(digits[8:10]), int(digits[10:12]))
    except ValueError:
        return False
    return True


def _luhn(digits: str) -> bool:
    doubled = (int(sign) * (2 if place % 2 else 1) for place, sign in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
