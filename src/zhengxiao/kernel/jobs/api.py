"""The face of the background work; other packages import only this."""

from __future__ import annotations

from zhengxiao.kernel.jobs.bulk import bulk_insert, reserve_keys

__all__ = ["bulk_insert", "reserve_keys"]
