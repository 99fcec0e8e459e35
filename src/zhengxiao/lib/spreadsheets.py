"""Tables in and out of files: the face of the spreadsheet modules."""

from __future__ import annotations

from zhengxiao.lib.containers import ZipFault, check_zip
from zhengxiao.lib.spreadsheets_in import (
    UPLOAD_LIMITS,
    BoundedReader,
    DamagedTable,
    Limits,
    LineTooLong,
    NoSuchSheet,
    NotText,
    SuspiciousContainer,
    TableRefused,
    TableTooLarge,
    TableTooSlow,
    UnknownEncoding,
    detect_encoding,
    read_csv,
    read_table,
    read_xlsx,
    text_lines,
)
from zhengxiao.lib.spreadsheets_out import csv_chunks, plain_text, safe_text, text_of, write_csv, write_xlsx

__all__ = [
    "UPLOAD_LIMITS",
    "BoundedReader",
    "DamagedTable",
    "Limits",
    "LineTooLong",
    "NoSuchSheet",
    "NotText",
    "SuspiciousContainer",
    "TableRefused",
    "TableTooLarge",
    "TableTooSlow",
    "UnknownEncoding",
    "ZipFault",
    "check_zip",
    "csv_chunks",
    "detect_encoding",
    "plain_text",
    "read_csv",
    "read_table",
    "read_xlsx",
    "safe_text",
    "text_lines",
    "text_of",
    "write_csv",
    "write_xlsx",
]
