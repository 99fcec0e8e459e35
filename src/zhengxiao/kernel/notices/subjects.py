"""How the subjects of facts are named and where they are opened; stated by the apps that own them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from zhengxiao.lib.registry import Registry


@dataclass(frozen=True, slots=True)
class About:
    """A subject in a notice: a short name such as a case number with its item, and the page that shows it."""

    label: str = ""
    url: str = ""


Describe = Callable[[int], About]

_subjects: Registry[Describe] = Registry("notice subject")


def register_subject(kind: str, describe: Describe) -> None:
    """State how subjects of `kind` ("case") are named in notices; called from `apps.ready()`."""
    _subjects.add(kind, describe)


def about(kind: str, subject_id: int) -> About:
    """The name and page of a subject; empty for a kind that nobody described."""
    return _subjects[kind](subject_id) if kind in _subjects else About()
