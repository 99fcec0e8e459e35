"""Day tables for many rows at once: regions without a calendar of their own share the table above them."""

from __future__ import annotations

from collections.abc import Iterable

from zhengxiao.kernel.calendar.api import NATION, Calendar, DayTable, chain_of, day_table, is_region_code


def tables_for(regions: Iterable[str]) -> dict[str, DayTable]:
    """The table of each calendar key. Two queries, and one more per calendar beyond the nation's."""
    chains = {region: chain_of(region) if is_region_code(region) else (region,) for region in set(regions)}
    if not chains:
        return {}
    wanted = {key for chain in chains.values() for key in chain}
    known = set(Calendar.objects.filter(key__in=wanted).values_list("key", flat=True))
    nearest = {
        region: next((key for key in chain if key in known), NATION if is_region_code(region) else region)
        for region, chain in chains.items()
    }
    tables = {key: day_table(key) for key in set(nearest.values())}
    return {region: tables[key] for region, key in nearest.items()}
