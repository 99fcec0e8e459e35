"""Counting, spelling and the networks, without a database."""

from __future__ import annotations

import ipaddress
import re
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengxiao.surfaces.operation.exposition import Family, Sample, histogram_samples, render
from zhengxiao.surfaces.operation.figures import BOUNDS, Histogram, RequestFigures
from zhengxiao.surfaces.operation.networks import may_read, networks

LINE = re.compile(r'^[a-z_]+(\{[a-z]+="[^"\n]*"(,[a-z]+="[^"\n]*")*\})? [0-9.e+-]+$')


@given(st.lists(st.floats(min_value=0, max_value=60)))
def test_each_bucket_counts_what_is_not_longer_than_its_bound(durations: list[float]) -> None:
    histogram = Histogram()
    for seconds in durations:
        histogram.add(seconds)
    expected = [sum(one <= bound for one in durations) for bound in BOUNDS]
    assert histogram.cumulative() == [*expected, len(durations)]
    assert histogram.total == pytest.approx(sum(durations))


def test_no_request_is_lost_between_threads() -> None:
    figures = RequestFigures()

    def count() -> None:
        for _ in range(500):
            figures.add(route="cases:case", status=200, seconds=0.01)

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [(route, status, histogram)] = figures.snapshot()
    assert (route, status, histogram.count) == ("cases:case", "2xx", 2000)


def test_a_snapshot_stands_still() -> None:
    figures = RequestFigures()
    figures.add(route="a", status=200, seconds=1)
    before = figures.snapshot()
    figures.add(route="a", status=200, seconds=1)
    assert before[0][2].count == 1


def test_the_text_is_what_a_scraper_reads() -> None:
    histogram = Histogram()
    histogram.add(0.004)
    histogram.add(99)
    samples = histogram_samples({"route": "a"}, histogram)
    lines = render([Family("zx_time", "Two\nlines.", "histogram", tuple(samples))]).splitlines()
    assert lines[:2] == ["# HELP zx_time Two\\nlines.", "# TYPE zx_time histogram"]
    assert all(LINE.match(line) for line in lines[2:])
    assert lines[2] == 'zx_time_bucket{route="a",le="0.005"} 1'
    assert 'zx_time_bucket{route="a",le="+Inf"} 2' in lines
    assert lines[-1] == 'zx_time_count{route="a"} 2'


def test_quotes_and_breaks_in_a_label_are_escaped() -> None:
    text = render([Family("x", "", "gauge", (Sample(1, {"a": 'b"\n\\'}),))])
    assert text.splitlines()[2] == 'x{a="b\\"\\n\\\\"} 1'


@pytest.mark.parametrize(
    ("peer", "allowed"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("10.2.3.4", True),
        ("10.3.0.1", False),
        ("192.0.2.1", False),
        ("", False),
        ("unix:", False),
    ],
)
def test_the_peer_decides(peer: str, allowed: bool) -> None:
    named = networks(["127.0.0.0/8", "::1", "10.2.0.0/16"])
    assert may_read({"REMOTE_ADDR": peer}, named) is allowed


@pytest.mark.parametrize("header", ["HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP"])
def test_a_proxy_does_not_lend_its_address(header: str) -> None:
    named = networks(["0.0.0.0/0"])
    assert may_read({"REMOTE_ADDR": "127.0.0.1"}, named)
    assert not may_read({"REMOTE_ADDR": "127.0.0.1", header: "127.0.0.1"}, named)


@given(st.ip_addresses(v=4))
def test_an_address_is_inside_exactly_its_own_network(address: ipaddress.IPv4Address) -> None:
    assert may_read({"REMOTE_ADDR": str(address)}, networks([f"{address}/32"]))
    assert not may_read({"REMOTE_ADDR": str(address)}, networks(["2001:db8::/32"]))


def test_a_word_that_is_no_network_is_named() -> None:
    with pytest.raises(ValueError, match="'nonsense' is no network"):
        networks(["10.0.0.0/8", "nonsense"])
