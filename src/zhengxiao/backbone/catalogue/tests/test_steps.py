"""Steps of a process, as stored and as people write them."""

from __future__ import annotations

import pytest

from zhengxiao.backbone.catalogue.limits import LimitUnreadable
from zhengxiao.backbone.catalogue.steps import step_names, step_words, steps_from_words

STORED = (
    "受理",
    {"name": "审核", "term": "3wd"},
    {"name": "勘验", "term": "48h"},
    {"name": "决定", "term": ""},
)


def test_a_step_with_a_limit_is_written_with_it_and_read_back() -> None:
    lines = step_words(STORED)
    assert [line.replace(" ", "") for line in lines] == ["受理", "审核：3个工作日", "勘验：48小时", "决定"]
    assert steps_from_words(lines) == ("受理", STORED[1], STORED[2], "决定")


def test_what_stands_behind_a_colon_is_a_limit() -> None:
    assert steps_from_words(("审核:5个工作日",)) == ({"name": "审核", "term": "5wd"},)
    with pytest.raises(LimitUnreadable):
        steps_from_words(("审核：很快",))


def test_what_was_there_stays_as_it_was_whatever_stands_behind_its_colon() -> None:
    stored = ("受理：窗口", {"name": "审核", "term": "3wd", "office": "示例科"}, {"name": "决定", "term": ""})
    assert steps_from_words(step_words(stored), stored) == stored
    with pytest.raises(LimitUnreadable):
        steps_from_words((*step_words(stored), "送达：窗口"), stored)


def test_offices_are_compared_by_the_names_of_steps() -> None:
    assert step_names(STORED) == ("受理", "审核", "勘验", "决定")
