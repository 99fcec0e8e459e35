"""Reads of parties. Numbers are looked for by their blind index, never by their text."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from zhengxiao.backbone.parties.models import Party
from zhengxiao.backbone.parties.rules import ID_TYPES, clean_number
from zhengxiao.backbone.parties.services import id_index, phone_index, sealing_keys
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.sealing import Keys


def parties_matching(text: str, *, actor: Actor, keys: Keys | None = None) -> QuerySet[Party]:
    """Parties the actor may see whose name contains the text, or whose credit code, identity number or phone it is."""
    used = keys or sealing_keys()
    plain = text.strip()
    if not plain:
        return Party.objects.none()
    number = clean_number(plain)
    found = Q(name__icontains=plain) | Q(credit_code=number)
    if any(sign.isdigit() for sign in number):
        found |= Q(id_index__in=[id_index(id_type, number, used) for id_type in ID_TYPES])
        if phone := phone_index(plain, used):
            found |= Q(contact_phone_index=phone)
    return Party.objects.visible_to(actor).filter(found)
