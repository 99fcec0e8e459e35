"""Tables in and out of files: the face of the three spreadsheet modules."""

from __future__ import annotations

from zhengxiao.lib.spreadsheets_out import csv_chunks, plain_text, safe_text, text_of, write_csv, write_xlsx

__all__ = [
    "csv_chunks",
    "plain_text",
    "safe_text",
    "text_of",
    "write_csv",
    "write_xlsx",
]
