"""Made-up rows in the schema of Google Analytics 4's export to BigQuery, for the tests of importing Parquet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

VALUE = pa.struct(
    [
        ("string_value", pa.string()),
        ("int_value", pa.int64()),
        ("float_value", pa.float64()),
        ("double_value", pa.float64()),
    ]
)
ITEM_TEXTS = (
    *("item_id", "item_name", "item_brand", "item_variant", "item_category", "item_category2", "item_category3"),
    *("item_category4", "item_category5", "coupon", "affiliation", "location_id", "item_list_id", "item_list_name"),
    *("item_list_index", "promotion_id", "promotion_name", "creative_name", "creative_slot"),
)
ITEM = pa.struct(
    [
        *((name, pa.string()) for name in ITEM_TEXTS),
        ("price_in_usd", pa.float64()),
        ("price", pa.float64()),
        ("quantity", pa.int64()),
        ("item_revenue", pa.float64()),
    ]
)
SCHEMA = pa.schema(
    [
        ("event_date", pa.string()),
        ("event_timestamp", pa.int64()),
        ("event_name", pa.string()),
        ("event_params", pa.list_(pa.struct([("key", pa.string()), ("value", VALUE)]))),
        ("user_id", pa.string()),
        ("user_pseudo_id", pa.string()),
        ("device", pa.struct([("category", pa.string()), ("language", pa.string())])),
        ("geo", pa.struct([("country", pa.string())])),
        (
            "ecommerce",
            pa.struct(
                [
                    ("transaction_id", pa.string()),
                    ("purchase_revenue", pa.float64()),
                    ("tax_value", pa.float64()),
                    ("shipping_value", pa.float64()),
                ]
            ),
        ),
        ("items", pa.list_(ITEM)),
    ]
)
"""The columns that a mapping may want, and some that it does not."""


def row(
    name: str,
    at: datetime,
    *,
    visitor: str | None = "1000000001.1700000001",
    items: Sequence[dict[str, Any]] = (),
    ecommerce: dict[str, Any] | None = None,
    device: str = "mobile",
    **params: str | int | float,
) -> dict[str, Any]:
    """One event as the export has it."""
    return {
        "event_date": f"{at:%Y%m%d}",
        "event_timestamp": round(at.timestamp() * 1_000_000),
        "event_name": name,
        "event_params": [{"key": key, "value": _value(value)} for key, value in params.items()],
        "user_pseudo_id": visitor,
        "device": {"category": device, "language": "de-de"},
        "geo": {"country": "Germany"},
        "ecommerce": ecommerce,
        "items": [{"item_brand": "(not set)", **item} for item in items],
    }


def _value(value: str | int | float) -> dict[str, Any]:
    kind = "string" if isinstance(value, str) else "int" if isinstance(value, int) else "double"
    return {f"{kind}_value": value}


def exported(path: Path, rows: Sequence[dict[str, Any]], *, rows_per_group: int = 1000) -> Path:
    """The file at `path`, as BigQuery saves it."""
    pq.write_table(pa.Table.from_pylist(list(rows), schema=SCHEMA), path, row_group_size=rows_per_group)
    return path
