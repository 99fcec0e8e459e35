# ruff: noqa: E501 (notices are quoted as they are written)
"""Notices as they are pasted, in the wordings of different years, against the shipped tables."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from zhengxiao.kernel.calendar.gazette import shipped_table
from zhengxiao.kernel.calendar.notice import NoticeUnreadable, NoticeYearMissing, read_notice
from zhengxiao.kernel.calendar.rules import build_table

HEAD = """国务院办公厅关于{year}年
部分节假日安排的通知
国办发明电〔{before}〕7号
各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
　　经国务院批准，现将{year}年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
"""
TAIL = """
　　节假日期间，各地区、各部门要妥善安排好值班和安全、保卫等工作，遇有重大突发事件，要按规定及时报告并妥善处置。
国务院办公厅
{before}年11月4日
"""
TEXTS = {
    2008: """一、元旦：2007年12月30日—2008年1月1日放假，共3天。其中，1月1日（星期二）为法定节假日，12月30日（星期日）为公休日，12月29日（星期六）公休日调至12月31日（星期一），12月29日（星期六）上班。
二、春节：2月6日—12日（农历除夕至正月初六）放假，共7天。其中，2月6日（除夕）、2月7日（春节）、2月8日（正月初二）为法定节假日，2月9日（星期六）、2月10日（星期日）照常公休，2月2日（星期六）、2月3日（星期日）两个公休日调至2月11日（星期一）、2月12日（星期二），2月2日（星期六）、2月3日（星期日）上班。
三、清明节：4月4日—6日放假，共3天。其中，4月4日（清明节）为法定节假日，4月5日（星期六）、4月6日（星期日）照常公休。
四、“五一”国际劳动节：5月1日—3日放假，共3天。其中，5月1日为法定节假日，5月3日（星期六）为公休日，5月4日（星期日）公休日调至5月2日（星期五），5月4日（星期日）上班。
五、端午节：6月7日—9日放假，共3天。其中，6月7日（星期六）照常公休，6月8日（农历五月初五，端午节）为法定节假日，6月8日（星期日）公休日调至6月9日（星期一）。
六、中秋节：9月13日—15日放假，共3天。
七、国庆节：9月29日—10月5日放假，共7天。其中，10月1日、2日、3日为法定节假日，9月27日（星期六）、9月28日（星期日）两个公休日调至9月29日（星期一）、30日（星期二），10月4日（星期六）、5日（星期日）照常公休。9月27日（星期六）、9月28日（星期日）上班。""",
    2012: """一、元旦：2012年1月1日至3日放假调休，共3天。2011年12月31日（星期六）上班。
二、春节：1月22日至28日放假调休，共7天。1月21日（星期六）、1月29日（星期日）上班。
三、清明节：4月2日至4日放假调休，共3天。3月31日（星期六）、4月1日（星期日）上班。
四、劳动节：4月29日至5月1日放假调休，共3天。4月28日（星期六）上班。
五、端午节：6月22日至24日放假公休，共3天。
六、中秋节、国庆节：9月30日至10月7日放假调休，共8天。9月29日（星期六）上班。""",
    2014: """一、元旦：1月1日放假1天。
二、春节：1月31日至2月6日放假调休，共7天。1月26日（星期日）、2月8日（星期六）上班。
三、清明节：4月5日放假，4月7日（星期一）补休。
四、劳动节：5月1日至3日放假调休，共3天。5月4日（星期日）上班。
五、端午节：6月2日放假，与周末连休。
六、中秋节：9月8日放假，与周末连休。
七、国庆节：10月1日至7日放假调休，共7天。9月28日（星期日）、10月11日（星期六）上班。""",
    2017: """一、元旦：1月1日放假，1月2日（星期一）补休。
二、春节：1月27日至2月2日放假调休，共7天。1月22日（星期日）、2月4日（星期六）上班。
三、清明节：4月2日至4日放假调休，共3天。4月1日（星期六）上班。
四、劳动节：5月1日放假，与周末连休。
五、端午节：5月28日至30日放假调休，共3天。5月27日（星期六）上班。
六、中秋节、国庆节：10月1日至8日放假调休，共8天。9月30日（星期六）上班。""",
    2023: """一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。
二、春节：1月21日至27日放假调休，共7天。1月28日（星期六）、1月29日（星期日）上班。
三、清明节：4月5日放假，共1天。
四、劳动节：4月29日至5月3日放假调休，共5天。4月23日（星期日）、5月6日（星期六）上班。
五、端午节：6月22日至24日放假调休，共3天。6月25日（星期日）上班。
六、中秋节、国庆节：9月29日至10月6日放假调休，共8天。10月7日（星期六）、10月8日（星期日）上班。""",
    2024: """一、元旦：1月1日放假，与周末连休。
二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。鼓励各单位结合带薪年休假等制度落实，安排职工在除夕（2月9日）休息。
三、清明节：4月4日至6日放假调休，共3天。4月7日（星期日）上班。
四、劳动节：5月1日至5日放假调休，共5天。4月28日（星期日）、5月11日（星期六）上班。
五、端午节：6月10日放假，与周末连休。
六、中秋节：9月15日至17日放假调休，共3天。9月14日（星期六）上班。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。""",
    2025: """一、元旦：1月1日（周三）放假1天，不调休。
二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
三、清明节：4月4日（周五）至6日（周日）放假，共3天。
四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。""",
    2026: """一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。""",
}


def notice(year: int, body: str) -> str:
    return (
        (HEAD + body + TAIL.replace("{before}", str(year - 1)))
        .replace("{year}", str(year))
        .replace("{before}", str(year - 1))
    )


@pytest.mark.parametrize("year", sorted(TEXTS))
def test_a_pasted_notice_gives_the_days_of_the_shipped_table(year: int) -> None:
    found = read_notice(notice(year, TEXTS[year]))
    assert found.confirmed == (date(year, 1, 1), date(year, 12, 31))
    assert f"{year}年部分节假日安排的通知" in found.title
    marks = {mark.date: mark for mark in found.marks}
    table = build_table(region="CN", version=1, marks=marks, confirmed=[found.confirmed])
    shipped = shipped_table()
    days = [date(year - 1, 12, 26) + timedelta(days=n) for n in range(370)]
    wrong = [day for day in days if table.is_workday(day) != shipped.is_workday(day)]
    next_new_year = [day for day in wrong if day > date(year, 12, 25) or day < date(year, 1, 1)]
    assert [day for day in wrong if day not in next_new_year] == []
    own_december = [day for day in marks if day < date(year, 1, 1)]
    assert all(marks[day].is_workday == shipped.is_workday(day) for day in own_december)


def test_each_holiday_keeps_its_name(nation: object) -> None:
    names = {mark.name for mark in read_notice(notice(2026, TEXTS[2026])).marks}
    assert names == {"元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节"}


def test_full_width_digits_and_ascii_punctuation_are_read() -> None:
    body = TEXTS[2026].replace("1月4日（周日）", "１月４日(周日)").replace("：", ":")
    assert read_notice(notice(2026, body)).confirmed is not None


def test_a_notice_of_one_change_settles_no_year() -> None:
    text = (
        "国务院办公厅关于调整2019年劳动节假期安排的通知\n经国务院批准，现将2019年劳动节放假安排调整如下。\n"
    )
    text += "2019年5月1日至4日放假调休，共4天。4月28日（星期日）、5月5日（星期日）上班。\n"
    found = read_notice(text)
    assert found.confirmed is None
    assert {mark.date.isoformat(): mark.is_workday for mark in found.marks} == {
        "2019-05-01": False,
        "2019-05-02": False,
        "2019-05-03": False,
        "2019-05-04": False,
        "2019-04-28": True,
        "2019-05-05": True,
    }
    assert {mark.name for mark in found.marks} == {"劳动节"}


@pytest.mark.parametrize(
    ("wrong", "quoted"),
    [
        ("一、元旦：1月1日（周五）至3日（周六）放假调休，共3天。", "1月1日(周五)至3日"),  # it was a Thursday
        ("一、元旦：1月1日至3日放假调休，共4天。", "共4天"),
        ("一、元旦：1月1日至3日放假调休，共3天。1月4日（周日）另行通知。", "另行通知"),
        ("一、元旦：2月30日放假。", "2月30日放假"),
        ("一、元旦：除夕放假。", "除夕放假"),
        ("一、元旦：3日放假。", "3日放假"),
        ("一、元旦：1月8日至3日放假。", "1月8日至3日放假"),
        ("祝大家节日快乐。", "祝大家节日快乐"),
    ],
)
def test_a_sentence_that_cannot_be_read_is_quoted(wrong: str, quoted: str) -> None:
    with pytest.raises(NoticeUnreadable) as refusal:
        read_notice(notice(2026, wrong) if "、" in wrong else "2026年" + wrong, year=2026)
    assert quoted in refusal.value.text


def test_a_notice_without_a_year_is_refused() -> None:
    with pytest.raises(NoticeYearMissing):
        read_notice("一、元旦：1月1日放假1天。")
