"""Events and signatures, held against the receiver's own code; waits against a table."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import pytest

from zhengxiao.kernel.webhooks.rules import (
    Algorithm,
    Happened,
    event_body,
    is_given_up,
    secret_text,
    signature,
    signed_headers,
    wait_after,
)
from zhengxiao_client.webhooks import Refused, verify

AT = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
NOW = AT.timestamp()
OLD, NEW = secret_text(b"o" * 32), secret_text(b"n" * 32)
HAPPENED = Happened(
    7, "cases.accepted", "case", "990102-20260304-00001", "/api/v1/cases/990102-20260304-00001", AT, AT
)
BODY = event_body(HAPPENED, origin="示例区")


def headers(secrets: list[str] | None = None, algorithm: Algorithm = Algorithm.SHA256) -> dict[str, str]:
    made = signed_headers(entry_id=7, body=BODY, secrets=secrets or [NEW], algorithm=algorithm, at=AT)
    return dict(made)


def test_an_event_is_a_cloud_event_with_ids_and_links_only() -> None:
    event = json.loads(BODY)
    assert event == {
        "specversion": "1.0",
        "id": "evt_7",
        "source": "urn:zhengxiao:示例区",
        "type": "zhengxiao.cases.accepted",
        "subject": "case/990102-20260304-00001",
        "time": "2026-03-04T02:00:00Z",
        "datacontenttype": "application/json",
        "sequence": "00000000000000000007",
        "data": {
            "fact": "cases.accepted",
            "kind": "case",
            "id": "990102-20260304-00001",
            "link": "/api/v1/cases/990102-20260304-00001",
            "recorded_at": "2026-03-04T02:00:00Z",
        },
    }


def test_the_published_example_of_standard_webhooks_is_signed_as_published() -> None:
    body = b'{"test": 2432232314}'
    made = signature(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "1614265330",
        body,
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        Algorithm.SHA256,
    )
    assert made == "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_the_receiver_takes_what_the_platform_signs_with_either_secret(algorithm: Algorithm) -> None:
    for given in ([OLD], [NEW], [OLD, NEW], [NEW, OLD]):
        assert verify(headers([NEW, OLD], algorithm), BODY, given, now=NOW)["id"] == "evt_7"
    assert verify(headers([NEW], algorithm), BODY, [OLD, NEW], now=NOW)["id"] == "evt_7"


@pytest.mark.parametrize("skew", [-299, -240, 0, 240, 299])
def test_clocks_may_differ_by_a_few_minutes(skew: int) -> None:
    assert verify(headers(), BODY, [NEW], now=NOW + skew)


Mutation = Callable[[dict[str, str]], tuple[Mapping[str, str], bytes, list[str], float]]
MUTATIONS: dict[str, Mutation] = {
    "an old one": lambda h: (h, BODY, [NEW], NOW + 361),
    "one from the future": lambda h: (h, BODY, [NEW], NOW - 361),
    "a fresh timestamp put on it": lambda h: ({**h, "webhook-timestamp": str(int(NOW) + 1)}, BODY, [NEW], NOW),
    "another id": lambda h: ({**h, "webhook-id": "evt_8"}, BODY, [NEW], NOW),
    "written anew": lambda h: (h, json.dumps(json.loads(BODY)).encode(), [NEW], NOW),
    "one byte more": lambda h: (h, BODY + b" ", [NEW], NOW),
    "no signature": lambda h: ({**h, "webhook-signature": ""}, BODY, [NEW], NOW),
    "an empty signature": lambda h: ({**h, "webhook-signature": "v1,"}, BODY, [NEW], NOW),
    "two wrong signatures": lambda h: (
        {**h, "webhook-signature": f"v1,{base64.b64encode(b'x' * 32).decode()} v1,{base64.b64encode(b'y' * 32).decode()}"},
        BODY, [NEW], NOW),
    "an unknown scheme": lambda h: ({**h, "webhook-signature": h["webhook-signature"].replace("v1", "v0")}, BODY, [NEW], NOW),
    "the other algorithm's name": lambda h: (
        {**h, "webhook-signature": h["webhook-signature"].replace("v1", "v1sm3")}, BODY, [NEW], NOW),
    "another secret": lambda h: (h, BODY, [OLD], NOW),
    "an empty secret": lambda h: (h, BODY, ["whsec_"], NOW),
    "no secret": lambda h: (h, BODY, [], NOW),
    "no headers": lambda h: ({}, BODY, [NEW], NOW),
    "a timestamp that is no number": lambda h: ({**h, "webhook-timestamp": "１６１４"}, BODY, [NEW], NOW),
}  # fmt: skip


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_request_that_was_touched_is_refused(name: str) -> None:
    given, body, secrets, now = MUTATIONS[name](headers())
    with pytest.raises(Refused):
        verify(given, body, secrets, now=now)


def test_a_request_signed_with_an_empty_key_is_refused_by_a_receiver_with_an_empty_secret() -> None:
    made = signed_headers(entry_id=7, body=BODY, secrets=["whsec_"], algorithm=Algorithm.SHA256, at=AT)
    with pytest.raises(Refused):
        verify(dict(made), BODY, ["whsec_"], now=NOW)


def test_waits_double_from_ten_seconds_to_four_hours_and_end_after_a_day() -> None:
    plain = [wait_after(number, 0.5).total_seconds() for number in range(1, 14)]
    assert plain[:4] == [10, 20, 40, 80]
    assert plain[-1] == 4 * 3600
    assert wait_after(1, 0.0).total_seconds() == 8
    assert wait_after(1, 0.999).total_seconds() < 12
    assert not is_given_up(AT, AT + timedelta(hours=23, minutes=59))
    assert is_given_up(AT, AT + timedelta(hours=24))
