"""The text format of Prometheus (0.0.4): one family of figures after the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from zhengxiao.surfaces.operation.figures import BOUNDS, Histogram

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
Kind = Literal["gauge", "counter", "histogram"]


@dataclass(frozen=True, slots=True)
class Sample:
    """One number; `suffix` follows the name of the family (`_bucket`)."""

    value: float
    labels: Mapping[str, str] = field(default_factory=dict)
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """Figures of one name: what they say and what kind they are."""

    name: str
    help: str
    kind: Kind
    samples: tuple[Sample, ...]


def render(families: Iterable[Family]) -> str:
    """The page that a scraper reads."""
    lines: list[str] = []
    for family in families:
        lines.append(f"# HELP {family.name} {_help(family.help)}")
        lines.append(f"# TYPE {family.name} {family.kind}")
        lines += [
            f"{family.name}{one.suffix}{_labels(one.labels)} {_number(one.value)}" for one in family.samples
        ]
    return "\n".join(lines) + "\n"


def histogram_samples(labels: Mapping[str, str], histogram: Histogram) -> list[Sample]:
    """Buckets, sum and count of one histogram; the last bucket is everything."""
    bounds = [*(_number(bound) for bound in BOUNDS), "+Inf"]
    samples = [
        Sample(number, {**labels, "le": bound}, "_bucket")
        for bound, number in zip(bounds, histogram.cumulative(), strict=True)
    ]
    return [*samples, Sample(histogram.total, labels, "_sum"), Sample(histogram.count, labels, "_count")]


def _labels(labels: Mapping[str, str]) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_quoted(value)}"' for name, value in labels.items()) + "}"


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _help(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(float(value))
