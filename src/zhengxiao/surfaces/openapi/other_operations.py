"""Items, parties, notices."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Path, Query

from zhengxiao.backbone.catalogue.api import versions_in_force
from zhengxiao.backbone.parties.api import NewParty, Party, party_find_or_create, party_link_account
from zhengxiao.kernel.notices.api import notice_read, notice_read_all, notices_for
from zhengxiao.kernel.orgs.api import Region, RegionUnknown, local_day
from zhengxiao.surfaces.openapi import other_schemas, paging, schemas, shown
from zhengxiao.surfaces.openapi.case_operations import call_of
from zhengxiao.surfaces.openapi.case_queries import PageIn
from zhengxiao.surfaces.openapi.problems import NotFound
from zhengxiao.surfaces.openapi.service import read, write


class ItemsIn(PageIn):
    """Conditions of the list of items."""

    department: schemas.Code | None = None
    region: schemas.Code | None = None


class NoticesIn(PageIn):
    unread: bool = False


@read("/items", "items", "catalogue.browse", response=other_schemas.ItemPage, tag="items")
def list_items(request: HttpRequest, asked: Query[ItemsIn]) -> Any:
    """Items in force today."""
    call = call_of(request)
    exact = {"item__unit__code": asked.department, "item__region__code": asked.region}
    found = versions_in_force(local_day(call.at)).select_related("item__unit", "item__region")
    page = paging.paged(
        found.filter(**{path: value for path, value in exact.items() if value is not None}),
        keys=("pk",),
        cursor=asked.cursor,
        limit=asked.limit,
        asked=paging.Asked(call.client.pk, {"list": "items", **asked.conditions()}),
    )
    return {"results": [shown.item(row) for row in page.rows], "next_cursor": page.next_cursor}


@read("/items/{code}", "item", "catalogue.browse", response=other_schemas.ItemVersionOut, tag="items")
def get_item(request: HttpRequest, code: schemas.Code) -> Any:
    """The version of an item in force today."""
    day = local_day(call_of(request).at)
    found = (
        versions_in_force(day).filter(item__code=code).select_related("item__unit", "item__region").first()
    )
    if found is None:
        raise NotFound
    return shown.item_version(found)


@write("/parties", "parties", "parties.register", response=other_schemas.PartyOut, tag="parties")
def find_or_create_party(request: HttpRequest, body: other_schemas.PartyIn) -> Any:
    """The party with this credit code or identity number, registered if there is none."""
    call = call_of(request)
    region = Region.objects.filter(code=body.region).first() if body.region else None
    if body.region and region is None:
        raise RegionUnknown(field="region", code=body.region)
    values = body.model_dump(exclude={"region"})
    given = NewParty(**values, region_id=region.pk if region else None)
    return _party(party_find_or_create(party=given, actor=call.actor, at=call.at))


@write(
    "/parties/{party_id}/account",
    "party-account",
    "parties.link_account",
    "parties.view",
    response=other_schemas.PartyOut,
    tag="parties",
)
def link_party_account(
    request: HttpRequest, party_id: Path[schemas.Id], body: other_schemas.AccountIn
) -> Any:
    """Say whose account the person's own is, after seeing the person; the owner then sees who looked. Once only."""
    call = call_of(request)
    reach = Party.objects.visible_to(call.actor).visible_to(call.actor, "parties.link_account")
    party = reach.filter(pk=party_id).first()
    if party is None:
        raise NotFound
    return _party(party_link_account(party=party, username=body.username, actor=call.actor, at=call.at))


def _party(party: Party) -> dict[str, Any]:
    names = ("kind", "credit_code", "id_masked", "warnings")
    return {name: getattr(party, name) for name in names} | {"id": party.pk, "name": party.masked_name}


@read("/notices", "notices", "notices.view", response=other_schemas.NoticePage, tag="notices")
def list_notices(request: HttpRequest, asked: Query[NoticesIn]) -> Any:
    """The notices of the user the client acts for, newest first."""
    call = call_of(request)
    mine = notices_for(call.actor)
    page = paging.paged(
        mine.unread() if asked.unread else mine,
        keys=("-created_at", "-pk"),
        cursor=asked.cursor,
        limit=asked.limit,
        asked=paging.Asked(call.client.pk, {"list": "notices", **asked.conditions()}),
    )
    return {"results": page.rows, "next_cursor": page.next_cursor}


@write(
    "/notices/{notice_id}/read",
    "notice-read",
    "notices.view",
    response=other_schemas.NoticeOut,
    tag="notices",
    body=None,
)
def read_notice(request: HttpRequest, notice_id: Path[schemas.Id]) -> Any:
    """Mark a notice as read."""
    call = call_of(request)
    return notice_read(notice_id=notice_id, actor=call.actor, at=call.at)


@write(
    "/notices/read-all",
    "notices-read-all",
    "notices.view",
    response=other_schemas.ReadOut,
    tag="notices",
    body=None,
)
def read_all_notices(request: HttpRequest) -> Any:
    """Mark everything told so far as read."""
    call = call_of(request)
    return {"read": notice_read_all(actor=call.actor, at=call.at)}
