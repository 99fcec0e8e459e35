"""A crowd at the door is told to come back; whoever works goes on."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client
from pytest_django import Settings

from zhengxiao.kernel.identity.api import user_create
from zhengxiao.lib.actors import SYSTEM
from zhengxiao.surfaces.operation.tests.test_pages import AT

RIGHT = {"username": "clerk-1", "password": "correct-horse-9"}


class SlowHasher(MD5PasswordHasher):
    """Takes as long as the test wants, as Argon2 takes its quarter of a second."""

    algorithm = "slow"
    begun = threading.Semaphore(0)
    go_on = threading.Semaphore(0)

    def verify(self, password: str, encoded: str) -> bool:
        self.begun.release()
        assert self.go_on.acquire(timeout=30)
        return super().verify(password, encoded)


def post(client: Client, data: dict[str, str], answers: list[int]) -> None:
    try:
        answers.append(client.post("/sign-in/", data).status_code)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_while_sign_ins_fill_their_places_others_are_told_to_wait_and_work_goes_on(
    settings: Settings,
) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.SlowHasher"]
    settings.ZX_SIGN_INS_AT_ONCE = 2
    user_create(username="clerk-1", display_name="李示例", password=RIGHT["password"], actor=SYSTEM, at=AT)
    client = Client()
    client.get(
        "/healthz"
    )  # the handler of this client is laid out: its middleware is shared by the threads below
    answers: list[int] = []
    wrong = {**RIGHT, "password": "wrong-horse-9"}
    crowd = [threading.Thread(target=post, args=(shared(client), wrong, answers)) for _ in range(2)]
    try:
        for one in crowd:  # one after the other: before and after the hash they write
            one.start()
            assert SlowHasher.begun.acquire(timeout=30)
        refused = client.post("/sign-in/", RIGHT)
        assert refused.status_code == 429
        assert refused.headers["Retry-After"] == "2"
        assert "登录人数较多" in refused.content.decode()
        assert client.get("/sign-in/").status_code == 200
        assert client.get("/healthz").status_code == 200
        assert client.get("/desk/").status_code == 302
    finally:
        for number in (1, 2):
            SlowHasher.go_on.release()
            while sum(one.is_alive() for one in crowd) > 2 - number:
                crowd[0].join(0.01)
    assert answers == [422, 422]
    SlowHasher.go_on.release()
    assert client.post("/sign-in/", RIGHT).status_code == 302


def shared(client: Client) -> Client:
    """Another visitor of the same process."""
    other = Client()
    other.handler = client.handler
    return other


@pytest.mark.django_db
def test_places_are_given_back_after_every_kind_of_answer(settings: Settings) -> None:
    settings.ZX_SIGN_INS_AT_ONCE = 1
    client = Client()
    forms: list[dict[str, Any]] = [{}, {"username": "nobody", "password": "x"}, {"username": ""}]
    assert [client.post("/sign-in/", form).status_code for form in forms * 2] == [422] * 6
