"""The checks of the build fail when they should."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import polib
import pytest

from tests.meta.source import ROOT, python_files, script


def test_a_machine_path_a_registry_and_a_home_folder_are_found(tmp_path: Path) -> None:
    words = script("check_words")
    path = tmp_path / "planted.md"
    path.write_text("see /" + "root/x\nfrom py" + "pi.org\nin /" + "home/somebody/x\n", encoding="utf-8")
    assert len(words.findings(path)) == 3


def test_plain_text_names_no_machine(tmp_path: Path) -> None:
    path = tmp_path / "plain.md"
    path.write_text("Data stand under /var/lib/zhengxiao; the office works on 30 cases.\n", encoding="utf-8")
    assert script("check_words").findings(path) == []


def test_a_dead_link_and_an_unknown_command_are_found() -> None:
    docs = script("check_docs")
    path = ROOT / "README.md"
    assert docs.link_faults(path, "[gone](docs/gone.md)")
    assert docs.link_faults(path, "[gone](README.md#no-such-heading)")
    assert docs.command_faults(path, "```sh\nmake nonsense\n```")
    assert docs.command_faults(path, "`zx nonsense`")
    assert docs.command_faults(path, "```sh\nmake test\nzx serve\n```") == []


def test_the_documents_are_sound() -> None:
    docs = script("check_docs")
    faults = docs.glossary_faults()
    for path in docs.documents():
        text = path.read_text(encoding="utf-8")
        faults += docs.link_faults(path, text) + docs.command_faults(path, text)
    assert faults == []


def test_the_readmes_name_the_two_commands() -> None:
    for name in ("README.md", "README.zh-CN.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "make demo" in text
        assert "make test" in text


def test_the_lock_names_no_host_and_pins_every_line_with_a_hash() -> None:
    for name in ("base", "dev", "tools"):
        text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        assert "://" not in text
        assert "--index-url" not in text
        entries = [block for block in re.split(r"\n(?=[a-z])", text) if re.match(r"[a-z]", block)]
        assert [
            block.split()[0] for block in entries if "==" not in block or "--hash=sha256:" not in block
        ] == []


def test_every_declared_dependency_has_a_reason() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    declared = [
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["postgres"],
        *project["dependency-groups"]["dev"],
    ]
    names = {re.match(r"[\w-]+", line).group(0) for line in declared}  # type: ignore[union-attr]
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    assert sorted(name for name in names if f"| {name} |" not in text) == []


ENVIRONMENT_READ = re.compile(r"environ\.\w+\(\s*[\"'](ZX_[A-Z0-9_]+)")


def test_every_environment_name_is_described() -> None:
    found: set[str] = set()
    for path in python_files():
        found |= set(ENVIRONMENT_READ.findall(path.read_text(encoding="utf-8")))
    text = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    assert sorted(name for name in found if f"`{name}`" not in text) == []


def test_the_public_code_description_is_complete() -> None:
    text = (ROOT / "publiccode.yaml").read_text(encoding="utf-8")
    for key in (
        "publiccodeYmlVersion",
        "name",
        "url",
        "platforms",
        "developmentStatus",
        "softwareType",
        "legal",
    ):
        assert re.search(rf"^{key}:", text, re.M), key
    assert "license: Apache-2.0" in text
    (short,) = re.findall(r"shortDescription: >-\n\s+(.+)", text)
    assert len(short) <= 150


MESSAGES = [
    ("zx = _('办件')", {"办件"}),
    ("x = gettext_noop('有 {n} 件')", {"有 {n} 件"}),
    ("x = ngettext('%(n)s 件', '%(n)s 件', n)", {"%(n)s 件"}),
    ("x = pgettext('时限', '到期')", {"到期"}),
]


@pytest.mark.parametrize(("text", "wanted"), MESSAGES)
def test_marked_texts_of_python_are_found(text: str, wanted: set[str]) -> None:
    assert {message.text for message, _line in script("collect_messages").messages_of_python(text)} == wanted


def test_marked_texts_of_templates_are_found() -> None:
    text = (
        "{% load i18n %}{% translate '办件' %}"
        "{% blocktranslate with a=b %}由 {{ a }} 办理{% endblocktranslate %}"
        "{{ _('督办') }}{% blocktranslate count n=x %}一件{% plural %}{{ n }} 件{% endblocktranslate %}"
    )
    found = {message.text for message, _line in script("collect_messages").messages_of_template(text)}
    assert found == {"办件", "由 %(a)s 办理", "督办", "一件"}


def test_an_incomplete_catalogue_is_seen() -> None:
    collect = script("collect_messages")
    wanted = {collect.Message(text): [("x.py", "1")] for text in ("甲", "乙", "丙 {n}")}
    catalogue = polib.POFile()
    catalogue.append(polib.POEntry(msgid="甲", msgstr=""))
    catalogue.append(polib.POEntry(msgid="丙 {n}", msgstr="C {m}"))
    catalogue.append(polib.POEntry(msgid="丁", msgstr="D"))
    kinds = sorted(line.split(":")[0] for line in collect.faults(catalogue, wanted))
    assert kinds == ["missing", "placeholders differ", "stale", "untranslated"]


def test_a_wheel_without_its_templates_is_seen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wheel = script("check_wheel")
    path = tmp_path / "zhengxiao-0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("zhengxiao/kernel/orgs/tests/test_x.py", "")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["check_wheel.py", str(path)])
        assert wheel.main() == 1
    printed = capsys.readouterr().out
    assert "missing in the wheel: zhengxiao/__init__.py" in printed
    assert "a test in the wheel" in printed
