"""Pure: moments as other systems write them, and terms as offices write them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from zhengxiao.lib.refusals import Refusal, gettext_noop

SHIFTS = ("none", "offset-once-more")
_PARTS = {
    "%Y": r"(?P<year>\d{4})",
    "%m": r"(?P<month>\d{1,2})",
    "%d": r"(?P<day>\d{1,2})",
    "%H": r"(?P<hour>\d{1,2})",
    "%M": r"(?P<minute>\d{1,2})",
    "%S": r"(?P<second>\d{1,2})",
    "%f": r"(?P<fraction>\d{1,6})",
    "%%": "%",
}
_EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a wall time without zone is meant
_TERM = re.compile(r"(\d{1,4})\s*[(（]?\s*个?\s*([一-鿿a-z]*)\s*[)）]?")
_TERM_UNITS = {
    "wd": ("工作日", "个工作日", "wd", "工作天"),
    "d": ("日", "天", "自然日", "日历日", "d", "自然天"),
    "wh": ("工作小时", "工作时", "wh"),
    "h": ("小时", "时", "h"),
    "m": ("月", "个月", "m"),
    "y": ("年", "y"),
}
_UNITS = {word: unit for unit, words in _TERM_UNITS.items() for word in words}
NO_TERM = frozenset({"", "无", "-", "—", "/", "即办", "即办件", "当场", "当场办结", "即时办结", "不限"})


class UnreadableMoment(Refusal):
    template = gettext_noop("时间“{value}”不符合配置中的任何一种格式。")


class UnreadableTerm(Refusal):
    template = gettext_noop("时限“{value}”无法识别，应类似“20(工作日)”或“3个月”。")


@dataclass(frozen=True, slots=True)
class MomentFormats:
    """How one source writes moments: formats tried in order, the zone of naive ones, and a known shift.

    Formats: `iso` (with or without offset, date alone means midnight), `epoch-s`, `epoch-ms`,
    `excel-serial`, or a strptime pattern of %Y %m %d %H %M %S %f in which leading zeros may be missing.
    `offset-once-more` is for systems that shifted local time by its own UTC offset a second time: the
    offset is taken away again.
    """

    formats: tuple[str, ...] = ("iso",)
    zone: str = "Asia/Shanghai"
    shift: str = "none"

    def parse(self, value: str) -> datetime:
        """The moment `value` means, aware, in the source's zone. Raises UnreadableMoment."""
        moment = _parse(self, value)
        if moment is None:
            raise UnreadableMoment(value=value[:60])
        return moment


@lru_cache(maxsize=65_536)
def _parse(formats: MomentFormats, value: str) -> datetime | None:
    zone = ZoneInfo(formats.zone)
    for pattern in formats.formats:
        try:
            found = _reader(pattern)(value.strip())
        except (ValueError, OverflowError):
            continue
        if found is None:
            continue
        try:
            if found.tzinfo is not None:
                return found.astimezone(zone)
            return _localised(found, zone, formats.shift)
        except (ValueError, OverflowError):
            return None
    return None


def _localised(naive: datetime, zone: ZoneInfo, shift: str) -> datetime:
    local = naive.replace(tzinfo=zone)
    if shift == "offset-once-more":
        # The offset to undo is that of the true local time, which is found from a first guess.
        guess = (naive - (local.utcoffset() or timedelta())).replace(tzinfo=zone)
        return (naive - (guess.utcoffset() or timedelta())).replace(tzinfo=zone)
    return local


@lru_cache(maxsize=256)
def _reader(pattern: str) -> Callable[[str], datetime | None]:
    if pattern == "iso":
        return _iso
    if pattern in {"epoch-s", "epoch-ms"}:
        divisor = 1000 if pattern == "epoch-ms" else 1
        return lambda value: datetime.fromtimestamp(int(value) / divisor, UTC)
    if pattern == "excel-serial":
        return lambda value: _EXCEL_EPOCH + timedelta(seconds=round(float(value) * 86_400))
    expression = re.compile(_expression(pattern), re.ASCII)

    def read(value: str) -> datetime | None:
        match = expression.fullmatch(value)
        if match is None:
            return None
        parts = match.groupdict()
        fraction = parts.pop("fraction", None)
        numbers = {name: int(text) for name, text in parts.items()}
        return datetime(**numbers, microsecond=int((fraction or "0").ljust(6, "0")))  # type: ignore[arg-type]  # noqa: DTZ001

    return read


def _iso(value: str) -> datetime | None:
    # fromisoformat also takes week dates and digits without signs between them, which are case numbers here.
    return datetime.fromisoformat(value) if len(value) >= 10 and value[4:5] == "-" else None


def _expression(pattern: str) -> str:
    pieces = re.split(r"(%.)", pattern)
    unknown = [piece for piece in pieces if piece.startswith("%") and piece not in _PARTS]
    if unknown or "%Y" not in pieces or "%m" not in pieces or "%d" not in pieces:
        raise ValueError(f"moment format {pattern!r} must hold %Y, %m and %d and may hold %H %M %S %f")
    return "".join(_PARTS.get(piece, re.escape(piece)) for piece in pieces)


def check_format(pattern: str) -> None:
    """Raises ValueError for a format that could never be read."""
    if pattern not in {"iso", "epoch-s", "epoch-ms", "excel-serial"}:
        _expression(pattern)


def term_text(value: str, default_unit: str = "") -> str:
    """A term as offices write it in the product's form: `30(工作日)` → `30wd`, `3个月` → `3m`, `无` → empty.

    A bare number takes `default_unit` and is refused without one. Raises UnreadableTerm.
    """
    plain = value.strip().lower()
    if plain in NO_TERM:
        return ""
    match = _TERM.fullmatch(plain)
    unit = _UNITS.get(match[2], "") if match and match[2] else default_unit
    if match is None or not unit or not match[1].isascii():
        raise UnreadableTerm(value=value[:60])
    return f"{int(match[1])}{unit}"
