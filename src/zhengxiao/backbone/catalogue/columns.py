"""The content of a version as columns and rows."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from zhengxiao.backbone.catalogue.content import Material, VersionContent
from zhengxiao.backbone.catalogue.models import ItemMaterial, ItemVersion

_COLUMNS = tuple(field.name for field in fields(VersionContent) if field.name != "materials")


def version_columns(content: VersionContent) -> dict[str, Any]:
    """The columns of a version that hold its content, with its digest."""
    values = {name: getattr(content, name) for name in _COLUMNS}
    plain = {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
    return {**plain, "extra": dict(content.extra), "digest": content.digest()}


def material_rows(version: ItemVersion, materials: tuple[Material, ...]) -> list[ItemMaterial]:
    """The rows of a version's materials, in order."""
    return [
        ItemMaterial(
            version=version,
            position=place,
            **{field.name: getattr(row, field.name) for field in fields(Material)},
        )
        for place, row in enumerate(materials, start=1)
    ]
