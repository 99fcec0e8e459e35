"""How the subjects of facts are named and where they are opened; stated by the apps that own them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from zhengxiao.lib.registry import Registry


@dataclass(frozen=True, slots=True)
class About:
    """A subject in a notice: a short name such as a case number with its item, and the page that shows it."""

    label: str = ""
    url: str = ""


Describe = Callable[[int], About]
DescribeMany = Callable[[Collection[int]], Mapping[int, About]]

_subjects: Registry[tuple[Describe, DescribeMany | None]] = Registry("notice subject")


def register_subject(kind: str, describe: Describe, many: DescribeMany | None = None) -> None:
    """State how subjects of `kind` ("case") are named in notices; called from `apps.ready()`.

    `many` names a number of them in a few queries, for notices and cards that are written in bulk.
    """
    _subjects.add(kind, (describe, many))


def about(kind: str, subject_id: int) -> About:
    """The name and page of a subject; empty for a kind that nobody described."""
    return _subjects[kind][0](subject_id) if kind in _subjects else About()


def about_many(kind: str, subject_ids: Collection[int]) -> dict[int, About]:
    """The names and pages of many subjects of one kind; those that are unknown are empty."""
    if kind not in _subjects:
        return {subject_id: About() for subject_id in subject_ids}
    describe, many = _subjects[kind]
    found = many(subject_ids) if many is not None else {one: describe(one) for one in subject_ids}
    return {subject_id: found.get(subject_id, About()) for subject_id in subject_ids}
