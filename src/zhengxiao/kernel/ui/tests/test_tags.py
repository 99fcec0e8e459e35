from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from zhengxiao.kernel.calendar.api import Pause, Term, shipped_table
from zhengxiao.kernel.ui.api import LIGHT_WORDS, DayCell, DayKind, cells_of
from zhengxiao.kernel.ui.shapes import light_segments, share
from zhengxiao.kernel.ui.strip import strip_text


def drawn(source: str, **values: Any) -> str:
    with translation.override("zh-hans"):
        return Template(source).render(Context(values))


@pytest.mark.parametrize("name", list(LIGHT_WORDS))
def test_a_light_is_colour_shape_and_words(name: str) -> None:
    html = drawn("{% light name %}", name=name)
    assert f"is-{name}" in html
    assert "<svg" in html
    assert str(LIGHT_WORDS[name]) in html


def test_lights_have_six_different_shapes() -> None:
    assert len({drawn("{% light_shape name %}", name=name) for name in LIGHT_WORDS}) == 6


def test_no_component_writes_a_style_attribute() -> None:
    html = drawn(
        '{% light "red" %}{% light_bar counts %}{% progress 7 20 %}{% day_strip cells %}{% figure_tile "在办" 1046 %}',
        counts={"green": 3, "red": 1},
        cells=[DayCell(date(2026, 11, 2), DayKind.COUNTED)],
    )
    assert "style=" not in html


def test_a_small_count_stays_visible_in_the_bar() -> None:
    segments = light_segments({"green": 100_000, "red": 1})
    assert segments[1].width >= 7
    assert sum(segment.width for segment in segments) == pytest.approx(1000, abs=0.2)
    assert light_segments({}) == []


def test_shares_stay_within_the_bar() -> None:
    assert [share(7, 20), share(30, 20), share(-1, 20), share(1, 0)] == [350.0, 1000.0, 0.0, 0.0]


def test_numbers_are_grouped_by_three_in_every_language() -> None:
    assert "104,600" in drawn('{% figure_tile "在办" 104600 %}')
    assert "12,345" in drawn('{% number_link 12345 "/cases/" %}')


def test_nothing_is_said_as_no_data_and_zero_leads_nowhere() -> None:
    assert "无数据" in drawn("{% number_link None %}")
    assert "<a" not in drawn('{% number_link 0 "/cases/" %}')
    assert "无数据" in drawn('{% figure_tile "率" None n=0 %}')


def test_the_strip_of_a_running_clock_knows_counted_paused_rest_and_left_days() -> None:
    """Received Tuesday 13 October 2026, ten working days, paused from Wednesday 21 to Tuesday 27 October."""
    shanghai = shipped_table().zone
    start = datetime(2026, 10, 13, 15, 26, tzinfo=shanghai)
    pause = Pause(
        datetime(2026, 10, 21, 10, 5, tzinfo=shanghai), datetime(2026, 10, 27, 8, 40, tzinfo=shanghai)
    )
    lines = shipped_table().explain(start, Term.parse("10wd"), (pause,), None)
    cells = cells_of(lines, today=date(2026, 10, 29))
    kinds = {cell.day.isoformat()[5:]: cell.kind for cell in cells}
    assert kinds["10-13"] is DayKind.START
    assert kinds["10-14"] is DayKind.COUNTED
    assert kinds["10-17"] is DayKind.REST
    assert kinds["10-21"] is DayKind.PAUSED
    assert kinds["10-28"] is DayKind.COUNTED
    assert kinds["10-29"] is DayKind.LEFT
    assert [cell.day for cell in cells if cell.today] == [date(2026, 10, 29)]
    assert len([cell for cell in cells if cell.due]) == 1


def test_days_after_the_due_day_are_late() -> None:
    start = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
    lines = shipped_table().explain(start, Term.parse("2wd"), (), date(2026, 11, 9))
    cells = cells_of(lines, today=date(2026, 11, 9))
    assert [cell.kind for cell in cells] == [
        DayKind.START,
        DayKind.COUNTED,
        DayKind.COUNTED,
        DayKind.LATE,
        DayKind.LATE,
        DayKind.REST,
        DayKind.REST,
        DayKind.LATE,
    ]


def test_a_stopped_clock_shows_no_today() -> None:
    start = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
    lines = shipped_table().explain(start, Term.parse("5wd"), (), None)
    cells = cells_of(lines, today=date(2026, 11, 5), until=date(2026, 11, 4))
    assert not any(cell.today for cell in cells)
    assert [cell.kind for cell in cells][:4] == [
        DayKind.START,
        DayKind.COUNTED,
        DayKind.COUNTED,
        DayKind.LEFT,
    ]


def test_the_strip_has_a_text_equivalent() -> None:
    cells = [
        DayCell(date(2026, 12, 30), DayKind.START),
        DayCell(date(2026, 12, 31), DayKind.COUNTED),
        DayCell(date(2027, 1, 1), DayKind.REST, provisional=True),
        DayCell(date(2027, 1, 4), DayKind.LEFT, due=True, provisional=True),
    ]
    with translation.override("zh-hans"):
        assert (
            strip_text(cells) == "起 12月30日，已计 1 日，休息日不计 1 日，尚余 1 日，到期 1月4日，含暂定日"
        )
        assert cells[3].words == "1月4日 星期一，尚余，到期日，暂定，放假安排尚未公布"
    html = drawn("{% day_strip cells %}", cells=cells)
    assert 'aria-hidden="true"' in html
    assert "含暂定日" in html


class Sample(forms.Form):
    name = forms.CharField(label="企业名称", help_text="例如：示例建设有限公司")
    way = forms.ChoiceField(label="送达方式", choices=[("w", "窗口")], widget=forms.RadioSelect)
    note = forms.CharField(label="说明", required=False)


def test_a_field_carries_label_example_and_error_in_words() -> None:
    html = drawn("{% field form.name %}{% field form.way %}{% field form.note %}", form=Sample({}))
    assert '<label class="form-label" for="id_name">企业名称</label>' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert "请填写企业名称。" in html
    assert "请选择送达方式。" in html
    assert "选填" in html
    assert 'aria-invalid="true"' in html


def test_what_people_wrote_is_escaped() -> None:
    entry = {"at": datetime(2026, 11, 20, tzinfo=UTC), "text": "<script>x</script>"}
    assert "<script>" not in drawn("{% fact_timeline entries %}", entries=[entry])
    assert "<script>" not in drawn('{% light "red" words %}', words="<script>")


def test_moves_that_are_not_lawful_say_why() -> None:
    moves = [
        {
            "transition": {"name": "grant", "label": "准予许可", "emphasis": "primary"},
            "allowed": True,
            "why_not": "",
        },
        {
            "transition": {"name": "ask", "label": "一次性告知"},
            "allowed": False,
            "why_not": "受理后不得再要求补正。",
        },
    ]
    listed = [type("Move", (), move) for move in moves]
    html = drawn('{% move_panel moves "/cases/1/" %}', moves=listed)
    assert 'href="/cases/1/grant/"' in html
    assert "受理后不得再要求补正。" in html
    assert 'href="/cases/1/ask/"' not in html
    posted = drawn('{% move_panel moves "/cases/1/" post=True %}', moves=listed, csrf_token="t")
    assert '<button type="submit" class="btn btn-primary" name="move" value="grant">' in posted
    assert 'name="csrfmiddlewaretoken"' in posted
