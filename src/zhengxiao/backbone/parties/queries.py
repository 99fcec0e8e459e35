"""Reads of parties. Numbers are looked for by their blind index, never by their text."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from zhengxiao.backbone.parties.keyring import sealing_ring
from zhengxiao.backbone.parties.models import PARTY_SCOPE, Look, Party
from zhengxiao.backbone.parties.permissions import SEARCH, SEE_LOOKS
from zhengxiao.backbone.parties.rules import ID_TYPES, clean_number
from zhengxiao.backbone.parties.services import id_indexes, phone_indexes
from zhengxiao.kernel.access.api import allows, can
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.sealing import Keyring

SHORTEST_NUMBER = 6


def parties_matching(text: str, *, actor: Actor) -> QuerySet[Party]:
    """Parties the actor may see whose name contains the text, or whose credit code it is. Numbers: `parties_numbered`."""
    plain = text.strip()
    if not plain:
        return Party.objects.none()
    found = Q(name__icontains=plain) | Q(credit_code=clean_number(plain))
    return Party.objects.visible_to(actor).filter(found)


def parties_numbered(text: str, *, actor: Actor, ring: Keyring | None = None) -> QuerySet[Party]:
    """Parties within reach of `parties.search_number` whose identity number or phone is exactly this.

    Never a part of one: the blind index knows whole numbers only. Nothing without the right.
    """
    if not allows(actor, SEARCH):
        return Party.objects.none()
    used, number = ring or sealing_ring(), clean_number(text)
    if sum(sign.isdigit() for sign in number) < SHORTEST_NUMBER:
        return Party.objects.none()
    found = Q(id_index__in=[index for kind in ID_TYPES for index in id_indexes(kind, number, used)])
    found |= Q(contact_phone_index__in=phone_indexes(text, used))
    return Party.objects.visible_to(actor).visible_to(actor, SEARCH).filter(found)


def looks_at(party: Party, *, actor: Actor, on: date) -> QuerySet[Look]:
    """Who looked at the person's data, newest first, as far as the actor may know on that day.

    The person concerned sees all but those a lawful exemption still hides; the one who looked sees the own ones; those
    who watch over looks (parties.see_looks) see all of their reach.
    """
    looks = party.looks.select_related("unit")
    if can(actor, SEE_LOOKS, party, PARTY_SCOPE):
        return looks
    if actor.user_id is not None and party.account_id == actor.user_id:
        return looks.filter(Q(hidden_until__isnull=True) | Q(hidden_until__lte=on))
    return looks.filter(user_id=actor.user_id or 0)


def own_parties(actor: Actor) -> QuerySet[Party]:
    """The parties whose own account the actor is."""
    return Party.objects.filter(account_id=actor.user_id or 0)
