"""The workflow pages in docs/workflows are those that the declared tables give."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import translation

from zhengxiao.kernel.workflow.api import document, workflows

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "workflows"


@pytest.mark.parametrize("name", list(workflows))
def test_the_page_of_a_workflow_is_the_declared_table(name: str) -> None:
    with translation.override("zh-hans"):
        wanted = document(workflows[name])
    page = FOLDER / f"{name}.md"
    assert page.exists(), "run: zx facts --workflows docs/workflows"
    assert page.read_text(encoding="utf-8") == wanted, "run: zx facts --workflows docs/workflows"


def test_no_page_is_left_of_a_workflow_that_is_gone() -> None:
    assert {page.stem for page in FOLDER.glob("*.md")} == set(workflows)
