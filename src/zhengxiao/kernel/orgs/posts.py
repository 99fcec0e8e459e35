"""Verbs on posts and delegations. Whether the actor may use them is asked by the caller
(`orgs.assign_posts`); what no policy table may ever allow is refused here: posts for oneself, two
administrator roles in one hand, delegating on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from zhengxiao.kernel.identity.api import User
from zhengxiao.kernel.orgs import refusals, rules
from zhengxiao.kernel.orgs.models import Delegation, Post, Unit
from zhengxiao.kernel.orgs.queries import local_day
from zhengxiao.kernel.orgs.telling import tell
from zhengxiao.lib.actors import Actor, Role
from zhengxiao.lib.refusals import StaleState


@dataclass(frozen=True, slots=True)
class NewPost:
    """A post to be assigned for [valid_from, valid_to); `valid_to` None is until further notice."""

    user_id: int
    unit_id: int
    role: Role
    valid_from: date
    valid_to: date | None = None


def post_assign(
    *,
    user_id: int,
    unit_id: int,
    role: Role,
    valid_from: date,
    valid_to: date | None = None,
    actor: Actor,
    at: datetime,
) -> Post:
    """Give a person a role at a unit for [valid_from, valid_to).

    Fact orgs.post_assigned. Raises PostToOneself, PersonUnknown, UnitUnknown, PeriodEmpty, PostOverlaps, AdminRolesApart.
    """
    return posts_bulk_create([NewPost(user_id, unit_id, role, valid_from, valid_to)], actor=actor, at=at)[0]


def posts_bulk_create(rows: Iterable[NewPost], *, actor: Actor, at: datetime) -> list[Post]:
    """Assign many posts; all or none. Same refusals as `post_assign`."""
    wanted = list(rows)
    users = {row.user_id for row in wanted}
    units = {row.unit_id for row in wanted}
    if actor.user_id in users:
        raise refusals.PostToOneself
    if User.objects.filter(pk__in=users, is_active=True).count() != len(users):
        raise refusals.PersonUnknown(field="user_id")
    active = set(Unit.objects.filter(pk__in=units, is_active=True).values_list("pk", flat=True))
    if units - active:
        raise refusals.UnitUnknown(field="unit_id", code=min(units - active))
    held: dict[int, list[Post]] = {}
    for post in Post.objects.filter(user_id__in=users):
        held.setdefault(post.user_id, []).append(post)
    posts: list[Post] = []
    for row in wanted:
        post = _post(row, held.setdefault(row.user_id, []), actor, at)
        held[row.user_id].append(post)
        posts.append(post)
    try:
        with transaction.atomic():
            made = Post.objects.bulk_create(posts)
            periods = [{"valid_from": post.valid_from, "valid_to": post.valid_to} for post in made]
            tell("orgs.post_assigned", made, actor, at, data=periods)
            return made
    except IntegrityError as error:
        raise refusals.PostOverlaps(field="valid_from", start=wanted[0].valid_from) from error


def _post(row: NewPost, held: list[Post], actor: Actor, at: datetime) -> Post:
    if row.valid_to is not None and row.valid_to <= row.valid_from:
        raise refusals.PeriodEmpty(field="valid_to")
    role = Role(row.role)
    for other in held:
        if not rules.periods_overlap(row.valid_from, row.valid_to, other.valid_from, other.valid_to):
            continue
        if other.role == role and other.unit_id == row.unit_id:
            raise refusals.PostOverlaps(field="valid_from", start=other.valid_from)
        if rules.must_stay_apart(role, Role(other.role)):
            raise refusals.AdminRolesApart(field="role")
    return Post(
        user_id=row.user_id,
        unit_id=row.unit_id,
        role=role.value,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        assigned_at=at,
        assigned_by_id=actor.user_id,
    )


def post_end(*, post_id: int, on: date, actor: Actor, at: datetime) -> None:
    """The post has no force from the day `on`; what was delegated from it lapses with it.

    Raises PostUnknown, PostAlreadyEnded, EndInThePast, PeriodEmpty, StaleState.
    """
    post = Post.objects.filter(pk=post_id).first()
    if post is None:
        raise refusals.PostUnknown
    if post.valid_to is not None and post.valid_to <= on:
        raise refusals.PostAlreadyEnded(field="on", on=post.valid_to)
    if on < local_day(at):
        raise refusals.EndInThePast(field="on", earliest=local_day(at))
    with transaction.atomic():
        changed = Post.objects.filter(pk=post_id, valid_to=post.valid_to).update(
            # Ended before its first day: an empty period, kept as a record.
            valid_to=max(on, post.valid_from),
            ended_at=at,
            ended_by_id=actor.user_id,
        )
        if changed != 1:
            raise StaleState
        post.refresh_from_db()
        names = ("valid_to", "ended_at", "ended_by_id")
        tell("orgs.post_ended", [post], actor, at, *names, data=[{"on": on}])


def delegation_give(
    *,
    from_user_id: int,
    to_user_id: int,
    unit_id: int,
    role: Role,
    valid_from: date,
    valid_to: date,
    ground: str,
    actor: Actor,
    at: datetime,
) -> Delegation:
    """Let somebody act for the holder of a post during [valid_from, valid_to). Only the holder (or the
    system) gives it.

    Raises DelegationNotByHolder, DelegationToOneself, RoleNotDelegable, PeriodEmpty, DelegationBackdated,
    GroundMissing, PersonUnknown, PostNotHeld.
    """
    if actor.user_id != from_user_id and not actor.is_system:
        raise refusals.DelegationNotByHolder
    if from_user_id == to_user_id:
        raise refusals.DelegationToOneself(field="to_user_id")
    if role not in rules.DELEGABLE_ROLES:
        raise refusals.RoleNotDelegable(field="role")
    if valid_to <= valid_from:
        raise refusals.PeriodEmpty(field="valid_to")
    if valid_from < local_day(at):
        raise refusals.DelegationBackdated(field="valid_from", earliest=local_day(at))
    if not ground.strip():
        raise refusals.GroundMissing(field="ground")
    with transaction.atomic():
        if not User.objects.filter(pk=to_user_id, is_active=True).exists():
            raise refusals.PersonUnknown(field="to_user_id")
        posts = Post.objects.filter(user_id=from_user_id, unit_id=unit_id, role=role.value)
        if not any(rules.covers(post.valid_from, post.valid_to, valid_from, valid_to) for post in posts):
            raise refusals.PostNotHeld(field="unit_id")
        given = Delegation.objects.create(
            from_user_id=from_user_id,
            to_user_id=to_user_id,
            unit_id=unit_id,
            role=role.value,
            valid_from=valid_from,
            valid_to=valid_to,
            ground=ground.strip(),
            given_at=at,
            given_by_id=actor.user_id,
        )
        data = {"valid_from": valid_from, "valid_to": valid_to, "ground": given.ground}
        tell("orgs.delegation_given", [given], actor, at, data=[data])
        return given


def delegation_revoke(*, delegation_id: int, actor: Actor, at: datetime) -> None:
    """Take a delegation back from this day on. By its giver, a security administrator or the system.

    Raises DelegationUnknown, DelegationNotByHolder, DelegationAlreadyOver, StaleState.
    """
    found = Delegation.objects.filter(pk=delegation_id).first()
    if found is None:
        raise refusals.DelegationUnknown
    if not (actor.is_system or actor.user_id == found.from_user_id or Role.SECURITY_ADMIN in actor.roles):
        raise refusals.DelegationNotByHolder
    today = local_day(at)
    if found.valid_to <= today or found.valid_to == found.valid_from:
        raise refusals.DelegationAlreadyOver(on=found.valid_to)
    with transaction.atomic():
        changed = Delegation.objects.filter(pk=delegation_id, valid_to=found.valid_to).update(
            valid_to=max(today, found.valid_from), revoked_at=at, revoked_by_id=actor.user_id
        )
        if changed != 1:
            raise StaleState
        found.refresh_from_db()
        names = ("valid_to", "revoked_at", "revoked_by_id")
        tell("orgs.delegation_revoked", [found], actor, at, *names, data=[{"on": found.valid_to}])
