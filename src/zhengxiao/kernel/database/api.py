"""The face of the database tools; other packages import only this."""

from __future__ import annotations

from zhengxiao.kernel.database.aside import ASIDE
from zhengxiao.kernel.database.calls import held, holding, joined, undone_as_a_whole
from zhengxiao.kernel.database.prepared import Prepared
from zhengxiao.kernel.database.statistics import tables_counted

__all__ = ["ASIDE", "Prepared", "held", "holding", "joined", "tables_counted", "undone_as_a_whole"]
