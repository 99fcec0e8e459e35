from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from zhengxiao.kernel.metrics.api import compute, ids, metrics_declared, population_named, shown
from zhengxiao.lib.actors import Role
from zhengxiao.mechanisms.disclosures.testing import duty
from zhengxiao.surfaces.cockpit.tests.conftest import NOW
from zhengxiao.surfaces.cockpit.tests.test_board import links, total_of

PERIOD = "period_from=2026-03-01&period_to=2026-03-31"
NAMES = [
    "cases.accepted",
    "cases.finished",
    "cases.on_time_rate",
    "cases.overdue_rate",
    "cases.statutory_speedup",
]


def test_every_declared_figure_is_listed_with_source_and_formula(supervisor):
    content = supervisor.get(reverse("cockpit:figures")).content.decode()
    for metric in metrics_declared():
        if population_named(metric.population).name == "cases":
            assert metric.name in content
            assert str(metric.source) in content
    assert "÷" in content


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("by", ["region", "department", "section", "item", "month"])
def test_a_breakdown_shows_what_is_computed_and_opens_down_to_the_cases(supervisor, world, name, by):
    url = f"{reverse('cockpit:figure', args=[name])}?{PERIOD}&by={by}"
    content = supervisor.get(url).content.decode()
    figures = compute(
        name,
        period_from=date(2026, 3, 1),
        period_to=date(2026, 4, 1),
        by=by,
        actor=world.org.actor(Role.SUPERVISOR),
        as_of=NOW,
    )
    assert figures
    for figure in figures:
        assert shown(figure) in content
        assert figure.label in content
    found = links(content)
    assert found
    for address, number in found:
        assert total_of(supervisor, address) == number, address


def test_the_list_behind_a_part_holds_exactly_the_ids(supervisor, world):
    asked = {"period_from": date(2026, 3, 1), "period_to": date(2026, 4, 1), "as_of": NOW}
    behind = ids("cases.on_time_rate", part="numerator", actor=world.org.actor(Role.SUPERVISOR), **asked)
    url = f"{reverse('cockpit:figure-cases', args=['cases.on_time_rate', 'numerator'])}?{PERIOD}"
    content = supervisor.get(url).content.decode()
    assert [case.number for case in behind]
    assert all(case.number in content for case in behind)
    assert total_of(supervisor, url) == behind.count()


def test_a_breakdown_sorts_and_exports(supervisor):
    url = f"{reverse('cockpit:figure', args=['cases.on_time_rate'])}?{PERIOD}&by=month&sort=-value"
    assert supervisor.get(url).status_code == 200
    answer = supervisor.get(f"{url}&export=csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert text.splitlines()[0].replace('"', "").split(",")[:2] == ["名称", "按时办结率"]
    assert "50.00%" in text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("cases.nonsense/", 404),
        ("cases.accepted/denominator/", 404),
        ("cases.accepted/half/", 404),
        ("cases.accepted/?by=weather", 400),
        ("cases.accepted/?nonsense=1", 400),
        ("cases.accepted/?key=3", 400),
        ("cases.accepted/?period_from=yesterday", 400),
        ("cases.accepted/?period_from=2026-03-10&period_to=2026-03-01", 400),
        ("cases.accepted/numerator/?key=3", 400),
        ("cases.accepted/numerator/?by=department&key=x", 400),
        ("cases.accepted/numerator/?by=month&key=1999-01", 422),
        ("?nonsense=1", 400),
    ],
)
def test_what_a_figure_does_not_know_is_refused(supervisor, path, status):
    assert supervisor.get(reverse("cockpit:figures") + path).status_code == status


def test_a_figure_counts_only_what_its_reader_may_see(client, world):
    client.force_login(world.org.neighbours["supervisor-b"])
    url = f"{reverse('cockpit:figure-cases', args=['cases.accepted', 'numerator'])}?{PERIOD}"
    assert total_of(client, url) == 0


def test_a_figure_of_a_mechanism_opens_its_own_rows_and_no_case(supervisor, world):
    """The keys of two populations overlap: a number about records must never list the cases that share their keys."""
    rows = [duty(world.org, number, day="2026-03-03") for number in (1, 2)]
    url = reverse("cockpit:figure-cases", args=["disclosures.missing", "numerator"])
    content = supervisor.get(f"{url}?{PERIOD}").content.decode()
    assert all(row.document_no in content for row in rows)
    assert "/cases/" not in content.split("<tbody")[1].split("</tbody>")[0]
    file = supervisor.get(f"{url}?{PERIOD}&export=csv")
    assert rows[0].document_no in b"".join(file.streaming_content).decode()
