from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengxiao.kernel.exchange.api import (
    BadProfile,
    MissingValue,
    MomentFormats,
    NoSuchProfile,
    RawRow,
    Unit,
    UnknownValue,
    UnreadableMoment,
    UnreadableTerm,
    profile_from,
    profile_load,
    profile_read,
    term_text,
)
from zhengxiao.kernel.exchange.tests.conftest import TABLE

BOSTON = MomentFormats(zone="America/New_York", shift="offset-once-more")


def unit(*rows: dict[str, str]) -> Unit:
    return Unit("1", "", tuple(RawRow(n, row) for n, row in enumerate(rows, start=2)))


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"colour": "red"}, "colour"),
        ({"file": {"colour": "red"}}, "file.colour"),
        ({"format": "pdf"}, "format"),
        ({"columns": {"name": "n"}}, "columns.source_id"),
        ({"columns": {"source_id": {"columm": "id"}}}, "columns.source_id.columm"),
        ({"columns": {"source_id": {"column": "id", "table": "none"}}}, "columns.source_id.table"),
        ({"times": {"formats": ["%d.%m."]}}, "times"),
        ({"times": {"zone": "Mars/Olympus"}}, "times"),
        ({"times": {"shift": "sideways"}}, "times.shift"),
        ({"limit": {"term": "20wd", "due": "d"}}, "limit"),
        ({"events": {"case": "c", "extra": 1}}, "events.extra"),
        ({"options": {"a": [1]}}, "options"),
        ({"file": {"header_row": "1"}}, "file.header_row"),
    ],
)
def test_a_faulty_profile_is_refused_with_the_path_of_the_fault(change, path):
    with pytest.raises(BadProfile) as caught:
        profile_from({**TABLE, **change}, name="test")
    assert caught.value.params["path"] == path


def test_broken_toml_and_unknown_names_are_refused(tmp_path):
    (tmp_path / "a.toml").write_text("= broken")
    with pytest.raises(BadProfile):
        profile_read(tmp_path / "a.toml")
    with pytest.raises(NoSuchProfile):
        profile_load("nobody-knows")


def test_columns_fall_back_translate_and_refuse():
    table = {
        **TABLE,
        "columns": {
            "source_id": "id",
            "name": ["full", "short"],
            "channel": {"column": "ch", "table": "channels", "default": "other"},
            "loose": {"column": "ch", "table": "channels", "strict": False},
            "region": {"constant": "440100000000"},
            "party": {"column": "who", "required": True},
        },
        "tables": {"channels": {"Desk": "window"}},
        "states": {"Closed": "finished", "*": "accepted"},
    }
    profile = profile_from(table, name="test")
    row = RawRow(2, {"id": "1", "full": " ", "short": "短", "ch": "Desk", "who": ""})
    assert [profile.value(name, row) for name in ("name", "channel", "region", "unmapped")] == [
        "短",
        "window",
        "440100000000",
        "",
    ]
    strange = RawRow(2, {"ch": "Fax"})
    assert profile.value("loose", strange) == "Fax"
    assert profile.value("channel", RawRow(2, {"ch": ""})) == "other"
    with pytest.raises(UnknownValue):
        profile.value("channel", strange)
    with pytest.raises(MissingValue):
        profile.unit_value("party", unit({"who": ""}, {"who": " "}))
    assert profile.unit_value("party", unit({"who": ""}, {"who": "王示例"})) == "王示例"
    assert (profile.state("Closed"), profile.state("?")) == ("finished", "accepted")


@pytest.mark.parametrize(
    ("limit", "row", "expected"),
    [
        ({"term": "20wd"}, {}, "20wd"),
        ({"column": "t"}, {"t": "30(工作日)"}, "30wd"),
        ({"column": "t"}, {"t": "无"}, None),
        ({"column": "t", "default_unit": "wd"}, {"t": "7"}, "7wd"),
        ({"due": "d"}, {"d": ""}, None),
        ({"due": "d"}, {"d": "2010-11-29 01:06:40+01:00"}, datetime(2010, 11, 29, 0, 6, 40, tzinfo=UTC)),
        ({}, {}, None),
    ],
)
def test_limits_are_a_term_a_column_or_the_sources_own_due_moment(limit, row, expected):
    profile = profile_from({**TABLE, "limit": limit}, name="test")
    assert profile.unit_limit(unit(row)) == expected


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("180(工作日)", "180wd"),
        ("5个工作日", "5wd"),
        ("20 （工作日）", "20wd"),
        ("3个月", "3m"),
        ("15日", "15d"),
        ("48小时", "48h"),
        ("2wh", "2wh"),
        ("无", ""),
        ("即办件", ""),
    ],
)
def test_terms_as_offices_write_them_are_understood(text, term):
    assert term_text(text) == term


@pytest.mark.parametrize("text", ["7", "很快", "工作日", "１0(工作日)x", "-3日", "3-5日"])
def test_other_terms_are_refused(text):
    with pytest.raises(UnreadableTerm):
        term_text(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2010-10-05 08:32:48.565000+02:00", "2010-10-05T06:32:48.565000+00:00"),
        ("2010-11-29 01:06:40+01:00", "2010-11-29T00:06:40+00:00"),
        ("2019/4/25 9:32:09", "2019-04-25T01:32:09+00:00"),
        ("2019-04-25", "2019-04-24T16:00:00+00:00"),
        ("2019年4月25日", "2019-04-24T16:00:00+00:00"),
    ],
)
def test_several_formats_in_one_column_are_read(text, expected):
    formats = MomentFormats(formats=("iso", "%Y/%m/%d %H:%M:%S", "%Y年%m月%d日"))
    assert formats.parse(text).astimezone(UTC).isoformat() == expected


@pytest.mark.parametrize(
    "text", ["", "20260301", "2026-13-01", "2026-02-30 00:00", "２０１９/4/25 9:32:09", "now"]
)
def test_other_moments_are_refused(text):
    with pytest.raises(UnreadableMoment):
        MomentFormats(formats=("iso", "%Y/%m/%d %H:%M:%S")).parse(text)


def test_numbers_of_seconds_and_excel_days_are_read():
    assert MomentFormats(formats=("epoch-ms",)).parse("1262304000000").astimezone(UTC).year == 2010
    assert (
        MomentFormats(formats=("excel-serial",)).parse("43580.5").isoformat() == "2019-04-25T12:00:00+08:00"
    )


@pytest.mark.parametrize(
    ("written", "local"),
    [
        ("2014-01-03 03:30:00", "2014-01-03T08:30:00-05:00"),  # a winter Friday
        ("2014-07-03 04:30:00", "2014-07-03T08:30:00-04:00"),  # a summer Thursday
        ("2014-03-09 07:59:00", "2014-03-09T11:59:00-04:00"),  # the Sunday summer time began
    ],
)
def test_a_local_time_shifted_by_its_offset_once_more_is_set_right(written, local):
    assert BOSTON.parse(written).isoformat() == local


@given(st.datetimes(datetime(2000, 1, 1), datetime(2030, 1, 1)))  # noqa: DTZ001 - naive is what it wants
def test_the_shift_undoes_what_the_source_did(naive):
    local = naive.replace(tzinfo=UTC).astimezone(ZoneInfo("America/New_York")).replace(microsecond=0)
    shifted = (local.replace(tzinfo=None) + local.utcoffset()).isoformat(sep=" ")
    # In the repeated hour of autumn two moments are written alike; there an hour cannot be told.
    assert abs(BOSTON.parse(shifted) - local) <= timedelta(hours=1)


def test_the_digest_follows_what_the_profile_reads_and_nothing_else():
    profile = profile_from(TABLE, name="test")
    base = {"id": "1", "rev": "", "name": "a", "at": "", "other": "x"}
    assert profile.digest(unit(base)) == profile.digest(unit({**base, "other": "y"}))
    assert profile.digest(unit(base)) != profile.digest(unit({**base, "name": "b"}))
    assert profile.digest(unit(base)) != profile.digest(unit(base, base))
