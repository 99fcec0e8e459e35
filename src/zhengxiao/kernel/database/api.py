"""The face of the database tools; other packages import only this."""

from __future__ import annotations

from zhengxiao.kernel.database.prepared import Prepared

__all__ = ["Prepared"]
