"""Operations of declared resources (kernel/ui/resources.py): list, detail, timeline, moves and verbs from data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Status

from zhengxiao.kernel.timeline.api import Subject, actor_name, entries_for, entry_label, entry_text
from zhengxiao.kernel.ui.api import Attachment, Resource, Verb, resources
from zhengxiao.kernel.workflow.api import lawful_moves, workflows
from zhengxiao.surfaces.openapi import paging, schemas, shown
from zhengxiao.surfaces.openapi.case_operations import TransitionUnknown, call_of
from zhengxiao.surfaces.openapi.gate import FEED, Call
from zhengxiao.surfaces.openapi.problems import NotFound
from zhengxiao.surfaces.openapi.resource_schemas import Shapes, narrowed, shapes_of, told
from zhengxiao.surfaces.openapi.service import read, write

Function = Callable[..., Any]


def declare(resource: Resource) -> None:
    """Put the operations of one resource on the interface."""
    shapes = shapes_of(resource)
    _list(resource, shapes)
    for verb in resource.verbs:
        if verb.on_list:  # before the address of one row, which would take the verb for a key
            _verb_on_list(resource, shapes, verb)
    _detail(resource, shapes)
    if resource.subject_kind:
        _timeline(resource)
    if resource.workflow:
        _moves(resource)
        _move(resource, shapes)
    if resource.files:
        _files(resource, resource.files)
    for verb in resource.verbs:
        if not verb.on_list:
            _verb_on_row(resource, shapes, verb)


def operation_names() -> list[str]:
    """The route names of all declared operations."""
    names = []
    for row in resources():
        names += [row.name, row.singular]
        names += [f"{row.singular}-timeline"] if row.subject_kind else []
        names += [f"{row.singular}-moves", f"{row.singular}-move"] if row.workflow else []
        names += [f"{row.singular}-files"] if row.files else []
        names += [verb_route(row, verb) for verb in row.verbs]
    return sorted(set(names))


def verb_route(resource: Resource, verb: Verb) -> str:
    """The route name of a verb; making a row stands at the address of the list."""
    if verb.on_list:
        return resource.name if verb.name == "create" else f"{resource.name}-{verb.name}"
    return f"{resource.singular}-{verb.name}"


def _named(function: Function, name: str, words: str, **annotations: Any) -> Function:
    """Give a function the name, words and types from which the framework makes the operation."""
    function.__name__ = name.replace("-", "_")
    function.__doc__ = words
    function.__annotations__ |= annotations
    return function


def _key_type(resource: Resource) -> Any:
    by_id = resource.key == "pk"
    return Path[schemas.Id] if by_id else Path[schemas.Code]


def _one(resource: Resource, call: Call, key: Any) -> Any:
    row = resource.rows(call.actor, call.at).filter(**{resource.key: key}).first()
    if row is None:
        raise NotFound
    return row


def _answer(resource: Resource, call: Call, obj: Any) -> dict[str, Any]:
    """The row as it now is; a verb may have taken it out of the caller's reach."""
    row = resource.rows(call.actor, call.at).filter(pk=obj.pk).first() or obj
    return told(resource, row, call.at, detail=True)


def _list(resource: Resource, shapes: Shapes) -> None:
    def operation(request: HttpRequest, asked: Any) -> Any:
        call = call_of(request)
        page = paging.paged(
            narrowed(resource, asked, call),
            keys=("-pk",),
            cursor=asked.cursor,
            limit=asked.limit,
            asked=paging.Asked(call.client.pk, {"list": resource.name, **asked.conditions()}),
        )
        rows = [told(resource, row, call.at) for row in page.rows]
        return {"results": rows, "next_cursor": page.next_cursor}

    words = f"{resource.name.replace('-', ' ').capitalize()} within reach, the latest first."
    in_query: Any = Query
    named = _named(operation, f"list-{resource.name}", words, asked=in_query[shapes.asked])
    read(f"/{resource.name}", resource.name, resource.view, response=shapes.page, tag=resource.name)(named)


def _detail(resource: Resource, shapes: Shapes) -> None:
    def operation(request: HttpRequest, key: Any) -> Any:
        call = call_of(request)
        return told(resource, _one(resource, call, key), call.at, detail=True)

    words = f"One {resource.singular.replace('-', ' ')}."
    named = _named(operation, f"get-{resource.singular}", words, key=_key_type(resource))
    address = f"/{resource.name}/{{key}}"
    read(address, resource.singular, resource.view, response=shapes.detail, tag=resource.name)(named)


def _timeline(resource: Resource) -> None:
    def operation(request: HttpRequest, key: Any) -> Any:
        row = _one(resource, call_of(request), key)
        found = entries_for(Subject(resource.subject_kind, row.pk)).order_by("-pk")
        return [
            {
                "at": entry.at,
                "label": entry_label(entry),
                "text": entry_text(entry),
                "actor_name": actor_name(entry),
                "fact": entry.fact,
            }
            for entry in found
        ]

    words = f"What happened to the {resource.singular.replace('-', ' ')}, newest first."
    named = _named(operation, f"list-{resource.singular}-timeline", words, key=_key_type(resource))
    address, name = f"/{resource.name}/{{key}}/timeline", f"{resource.singular}-timeline"
    read(address, name, resource.view, response=list[schemas.FactOut], tag=resource.name)(named)


def _moves(resource: Resource) -> None:
    def operation(request: HttpRequest, key: Any) -> Any:
        call = call_of(request)
        row = _one(resource, call, key)
        moves = lawful_moves(workflow=resource.workflow, obj=row, actor=call.actor, at=call.at)
        return [
            shown.move(found)
            for found in moves
            if call.may(found.transition.action) and found.transition.name not in resource.by_verb
        ]

    words = f"What may be done with the {resource.singular.replace('-', ' ')} now, and why not."
    named = _named(operation, f"list-{resource.singular}-moves", words, key=_key_type(resource))
    address, name = f"/{resource.name}/{{key}}/moves", f"{resource.singular}-moves"
    read(address, name, resource.view, response=list[schemas.MoveOut], tag=resource.name)(named)


def _move(resource: Resource, shapes: Shapes) -> None:
    def operation(request: HttpRequest, key: Any, transition: schemas.Code, body: schemas.MoveIn) -> Any:
        call = call_of(request)
        row = _one(resource, call, key)
        steps = workflows[resource.workflow].transitions
        step = next((found for found in steps if found.name == transition), None)
        if step is None or transition in resource.by_verb:
            raise TransitionUnknown(field="transition", name=transition)
        call.needs(step.action)
        row = resource.take(obj=row, transition=transition, data=body.data, actor=call.actor, at=call.at)
        return _answer(resource, call, row)

    words = "Take a transition of the workflow. The client needs the scope of the transition as well."
    types = {"transition": schemas.Code, "body": schemas.MoveIn}
    named = _named(operation, f"take-{resource.singular}-move", words, key=_key_type(resource), **types)
    address, name = f"/{resource.name}/{{key}}/moves/{{transition}}", f"{resource.singular}-move"
    write(address, name, resource.view, response=shapes.detail, tag=resource.name)(named)


def _files(resource: Resource, files: Attachment) -> None:
    def operation(request: HttpRequest, key: Any, asked: Any) -> Any:
        call = call_of(request)
        row, stream = _one(resource, call, key), call.feed_given()
        stored = files.run(obj=row, stream=stream, name=asked.file_name, actor=call.actor, at=call.at)
        return Status(201, shown.file(stored))

    words = files.words or "Hand a file in; a move names it by its `id`."
    in_query: Any = Query
    types = {"asked": in_query[schemas.FileIn]}
    name = f"hand-{resource.singular}-file-in"
    named = _named(operation, name, words, key=_key_type(resource), **types)
    address, route = f"/{resource.name}/{{key}}/files", f"{resource.singular}-files"
    answer = {201: schemas.FileOut}
    actions = dict.fromkeys((files.action, resource.view))
    write(address, route, *actions, response=answer, tag=resource.name, body=FEED)(named)


def _words(resource: Resource, verb: Verb) -> str:
    return (
        verb.words or f"{verb.name.replace('-', ' ').capitalize()} ({resource.singular.replace('-', ' ')})."
    )


def _run(resource: Resource, verb: Verb, call: Call, obj: Any, body: Any) -> dict[str, Any]:
    data = {} if body is None else body.model_dump(exclude_unset=verb.keeps)
    done = verb.run(obj=obj, data=data, actor=call.actor, at=call.at)
    if verb.answers:
        return dict(done)
    if not verb.told:
        return _answer(resource, call, done)
    row, once = done
    return _answer(resource, call, row) | {name: str(once[name]) for name in verb.told}


def _verb_on_row(resource: Resource, shapes: Shapes, verb: Verb) -> None:
    shape = shapes.verbs[verb.name]

    def with_body(request: HttpRequest, key: Any, body: Any) -> Any:
        call = call_of(request)
        return _run(resource, verb, call, _one(resource, call, key), body)

    def bare(request: HttpRequest, key: Any) -> Any:
        return with_body(request, key, None)

    types = {"key": _key_type(resource)} | ({"body": shape.body} if shape.body else {})
    words = _words(resource, verb)
    name = f"{verb.name}-{resource.singular}"
    named = _named(with_body if shape.body else bare, name, words, **types)
    address, route = f"/{resource.name}/{{key}}/{verb.name}", verb_route(resource, verb)
    kind = {} if shape.body else {"body": None}
    actions = dict.fromkeys((verb.action, resource.view))
    asked: dict[str, Any] = kind | {"told_once": verb.told}
    write(address, route, *actions, response=shape.answer, tag=resource.name, **asked)(named)


def _verb_on_list(resource: Resource, shapes: Shapes, verb: Verb) -> None:
    shape, made = shapes.verbs[verb.name], 200 if verb.answers else 201

    def with_body(request: HttpRequest, body: Any) -> Any:
        return Status(made, _run(resource, verb, call_of(request), None, body))

    def bare(request: HttpRequest) -> Any:
        return with_body(request, None)

    words = _words(resource, verb)
    types = {"body": shape.body} if shape.body else {}
    name = f"{verb.name}-{resource.singular}"
    named = _named(with_body if shape.body else bare, name, words, **types)
    address = f"/{resource.name}" if verb.name == "create" else f"/{resource.name}/{verb.name}"
    kind = {} if shape.body else {"body": None}
    actions = dict.fromkeys((verb.action, resource.view))
    asked: dict[str, Any] = kind | {"told_once": verb.told}
    answer = {made: shape.answer}
    write(address, verb_route(resource, verb), *actions, response=answer, tag=resource.name, **asked)(named)


for declared in resources():
    declare(declared)
