from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from zhengxiao.backbone.cases.api import lights, lights_by_window
from zhengxiao.kernel.metrics.api import compute, metric_named, shown
from zhengxiao.lib.actors import Role
from zhengxiao.surfaces.cockpit.sets import SETS, moments_of, set_counts
from zhengxiao.surfaces.cockpit.tests.conftest import NOW
from zhengxiao.surfaces.cockpit.tiles import WATCHED

MAY_OPEN = {Role.SUPERVISOR, Role.LEADER, Role.DEPARTMENT_HEAD}
LINK = re.compile(r'<a[^>]*href="(/cockpit/(?:cases|figures)/[^"]+)"[^>]*>(.*?)</a>', re.S)
TOTAL = re.compile(r'class="zx-total">\D*([\d,]+)')


def links(content: str) -> list[tuple[str, int]]:
    """Addresses of lists on a page, with the number their link shows."""
    found = []
    for url, words in LINK.findall(content):
        number = re.search(r"([\d,]+)\s*(?:件|$)", re.sub(r"<[^>]+>", "", words).strip())
        if number and "%" not in words:
            found.append((unescape(url), int(number[1].replace(",", ""))))
    return found


def total_of(client, url: str) -> int:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return int(TOTAL.search(answer.content.decode())[1].replace(",", ""))


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("name", ["board", "cases", "figures"])
def test_only_those_who_supervise_open_the_cockpit(client, world, role, name):
    client.force_login(world.org.users[role])
    answer = client.get(reverse(f"cockpit:{name}"))
    assert answer.status_code == (200 if role in MAY_OPEN else 403)


def test_a_stranger_is_sent_to_sign_in(client, world):
    assert client.get(reverse("cockpit:board")).status_code == 302


@pytest.mark.parametrize(
    "query",
    [
        "nonsense=1",
        "period=decade",
        "region=abc",
        "region=999999",
        "period=custom&from=2026-13-01",
        "period=custom&from=2026-03-10&to=2026-03-01",
    ],
)
def test_what_the_address_does_not_know_is_refused(supervisor, query):
    assert supervisor.get(f"{reverse('cockpit:board')}?{query}").status_code == 400


def test_a_region_outside_ones_own_is_refused(supervisor, world):
    url = f"{reverse('cockpit:board')}?region={world.org.district_b.pk}"
    assert supervisor.get(url).status_code == 400
    assert supervisor.get(f"{reverse('cockpit:cases')}?region={world.org.district_b.pk}").status_code == 400


def test_every_number_leads_to_as_many_cases(supervisor):
    content = supervisor.get(reverse("cockpit:board")).content.decode()
    found = links(content)
    assert len(found) >= 15
    for url, number in found:
        assert total_of(supervisor, url) == number, url


def test_the_numbers_of_a_region_lead_to_as_many_cases(client, world):
    client.force_login(world.org.users[Role.LEADER])
    for region in (world.org.district_a, world.org.district_b):
        content = client.get(f"{reverse('cockpit:board')}?region={region.pk}").content.decode()
        for url, number in links(content):
            assert f"region={region.pk}" in url or "key=" in url
            assert total_of(client, url) == number, url


def test_lights_stand_per_window_too_and_each_leads_to_its_cases(supervisor, world):
    content = supervisor.get(reverse("cockpit:board")).content.decode()
    table = content[content.index("各窗口在办灯色") :]
    window = world.org.window
    shown_there = [(url, n) for url, n in links(table) if f"window={window.pk}" in url]
    found = lights_by_window(NOW, world.org.actor(Role.SUPERVISOR))[window.pk]
    assert dict(shown_there)[f"/cockpit/cases/?set=running&window={window.pk}"] == sum(found.values()) > 0
    assert dict(shown_there)[f"/cockpit/cases/?set=running&window={window.pk}&light=red"] == found["red"] > 0
    for url, number in shown_there:
        assert total_of(supervisor, url) == number, url


def test_cards_rules_and_publicity_have_tiles_that_open_their_figures(supervisor):
    content = supervisor.get(reverse("cockpit:board")).content.decode()
    for name in WATCHED:
        assert f"/cockpit/figures/{name}/?" in content
        assert str(metric_named(name).label) in content


def test_the_sets_are_what_they_say(world):
    counts = set_counts(world.org.actor(Role.SUPERVISOR), moments_of(NOW))
    assert counts == {
        "running": 5,
        "yellow_today": 1,
        "past_promise": 3,
        "past_statutory": 1,
        "reddening": 0,
        "breached": 1,
        "provisional": 0,
    }
    assert set(counts) == set(SETS)


def test_the_tiles_show_what_is_computed(supervisor, world):
    content = supervisor.get(reverse("cockpit:board")).content.decode()
    actor = world.org.actor(Role.SUPERVISOR)
    for name in ("cases.on_time_rate", "cases.statutory_speedup", "cases.overdue_rate"):
        (figure,) = compute(
            name, period_from=date(2026, 3, 1), period_to=date(2026, 4, 1), actor=actor, as_of=NOW
        )
        assert shown(figure) in content
        assert f"n = {figure.n}" in content
    assert f'aria-label="在办 {lights(NOW, actor)["total"]}"' in content


def test_a_stranger_to_the_cases_sees_none(client, world):
    client.force_login(world.org.neighbours["supervisor-b"])
    content = client.get(reverse("cockpit:board")).content.decode()
    assert "没有在办的办件" in content
    assert links(content) == [(url, number) for url, number in links(content) if number == 0]


def test_export_needs_its_own_right(client, world):
    client.force_login(world.org.users[Role.LEADER])
    assert client.get(f"{reverse('cockpit:cases')}?set=running&export=xlsx").status_code == 403
    client.force_login(world.org.users[Role.SUPERVISOR])
    answer = client.get(f"{reverse('cockpit:cases')}?set=running&export=xlsx")
    assert answer.status_code == 200
    answer.close()


def test_the_number_of_queries_does_not_grow_with_the_data(supervisor, world):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            supervisor.get(reverse("cockpit:board"))
        return len(seen)

    queries()
    before = queries()
    for _ in range(12):
        world.accepted(at=NOW.replace(day=10))
    assert queries() == before
    assert before <= 48  # each mechanism counts what waits, beside its entry in the navigation
