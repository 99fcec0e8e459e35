"""The drawing holds each arc once, downwards through the middle, the others aside, and nothing outside its box."""

from __future__ import annotations

import re

from hypothesis import given, settings

from zhengxiao.surfaces.process.graph import drawing, ordered
from zhengxiao.surfaces.process.rules import arcs
from zhengxiao.surfaces.process.tests.test_rules import CASES, Told, log_of


@settings(deadline=None, max_examples=80)
@given(CASES)
def test_every_arc_that_enough_cases_take_is_drawn_once_inside_the_box(told: Told) -> None:
    log = log_of(told)
    found = arcs(log)
    drawn = drawing(log, found, 1)
    pairs = [(line.source, line.target) for line in drawn.lines]
    assert len(pairs) == len(set(pairs))
    wanted = {(arc.source, arc.target) for arc in found if arc.source != arc.target}
    assert set(pairs) <= wanted
    assert len(pairs) == len(wanted) or len(pairs) >= 12
    place = {node.code: number for number, node in enumerate(drawn.nodes)}
    for line in drawn.lines:
        assert line.back == (place[line.target] < place[line.source])
        assert 1 <= line.width <= 7
        across = [int(x) for x in re.findall(r"[MH](-?\d+)", line.path)]
        assert all(0 <= x <= drawn.width for x in (*across, line.label_x))


@settings(deadline=None, max_examples=40)
@given(CASES)
def test_activities_stand_in_the_order_in_which_they_come(told: Told) -> None:
    log = log_of(told)
    assert sorted(ordered(log)) == sorted(log.names)
