"""Reads moments, pauses and calendar files as people type or keep them. Pure."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from zhengxiao.kernel.calendar.gazette import Arrangement, read_json, read_toml
from zhengxiao.kernel.calendar.notice import read_notice
from zhengxiao.kernel.calendar.terms import Pause
from zhengxiao.lib.refusals import Refusal, gettext_noop


class MomentUnreadable(Refusal):
    template = gettext_noop(
        "无法识别时间“{text}”。请写成 2026-03-02 或 2026-03-02T10:00（可带时区 +08:00）。"
    )


class PauseUnreadable(Refusal):
    template = gettext_noop(
        "无法识别暂停“{text}”。请写成 开始:结束，例如 2026-03-02:2026-03-09；仍在暂停写 2026-03-02:。"
    )


_MOMENT = r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_PAUSE = re.compile(rf"({_MOMENT}):({_MOMENT})?")


def read_moment(text: str, zone: ZoneInfo) -> datetime:
    """A date (its first moment) or a date and time; without an offset it is local to `zone`. Refuses
    MomentUnreadable.
    """
    plain = text.strip()
    try:
        if len(plain) == 10:
            return datetime.combine(date.fromisoformat(plain), time(0), zone)
        moment = datetime.fromisoformat(plain)
        return moment if moment.tzinfo else moment.replace(tzinfo=zone)
    except ValueError as error:
        raise MomentUnreadable(field="start", text=text) from error


def read_pause(text: str, zone: ZoneInfo) -> Pause:
    """`A:B` or the open `A:`, each a date or a date and time. From date to date, the days A <= d < B do not
    count.

    Refuses PauseUnreadable, MomentUnreadable, PauseBackwards.
    """
    found = _PAUSE.fullmatch(text.strip())
    if found is None:
        raise PauseUnreadable(field="pause", text=text)
    return Pause(read_moment(found[1], zone), read_moment(found[2], zone) if found[2] else None)


def read_arrangements(text: str, *, url: str = "") -> list[Arrangement]:
    """What a file or pasted text arranges: a yearly JSON, our TOML, or the notice itself. Refuses as those
    readers do.
    """
    plain = text.lstrip("\ufeff").strip()
    if plain.startswith("{"):
        return [read_json(plain)]
    if re.search(r"^\s*(?:\[\[?\w+\]\]?|\w+\s*=)", plain, re.MULTILINE):
        return read_toml(plain)
    return [read_notice(plain, url=url)]
