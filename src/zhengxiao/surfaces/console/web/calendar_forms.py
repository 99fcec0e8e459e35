"""Forms of the calendar: what a proposal is made of, in three ways, and the due-date calculator."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.calendar.api import Arrangement, DayMark, read_arrangements, read_notice
from zhengxiao.kernel.ui.api import refusal_text
from zhengxiao.lib.refusals import Refusal

NOTICE, FILE, DAYS = "notice", "file", "days"
WAYS = {NOTICE: _("粘贴通知"), FILE: _("年度文件"), DAYS: _("个别日期")}
MOST_BYTES = 1024 * 1024
MOST_DAYS = 60


class ProposalForm(forms.Form):
    """Common to the three ways: for which calendar, on which document, and a remark."""

    key = forms.ChoiceField(label=_("日历"))
    note = forms.CharField(label=_("说明"), max_length=500, required=False)

    def __init__(self, *args: Any, calendars: Sequence[tuple[str, Any]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].choices = list(calendars)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Adds `arrangement`: what the document says."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors:
            try:
                cleaned["arrangement"] = self.arrangement(cleaned)
            except Refusal as refusal:
                self.add_error(self.carrier, refusal_text(refusal))
        return cleaned

    carrier = "text"

    def arrangement(self, cleaned: dict[str, Any]) -> Arrangement:
        raise NotImplementedError


class NoticeForm(ProposalForm):
    text = forms.CharField(
        label=_("通知全文"),
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("把国务院办公厅关于年度节假日安排的通知连同标题一起粘贴；星期和天数会核对"),
    )
    url = forms.URLField(label=_("通知网址"), required=False, assume_scheme="https")
    field_order = ("key", "text", "url", "note")

    def arrangement(self, cleaned: dict[str, Any]) -> Arrangement:
        return read_notice(cleaned["text"], url=cleaned["url"])


class FileForm(ProposalForm):
    """A yearly JSON or TOML; the preview carries its text on, so that nothing is kept before it is proposed."""

    file = forms.FileField(
        label=_("年度文件"),
        required=False,
        help_text=_("年度节假日 JSON（year、papers、days）或本系统的 TOML，至多 1 MB"),
    )
    text = forms.CharField(widget=forms.HiddenInput, required=False)
    field_order = ("key", "file", "note")
    carrier = "file"

    def arrangement(self, cleaned: dict[str, Any]) -> Arrangement:
        text = self._text(cleaned)
        found = read_arrangements(text)
        if len(found) > 1:
            raise forms.ValidationError({"file": gettext("文件含有多个年度，请一次导入一个年度。")})
        cleaned["text"] = text
        return found[0]

    def _text(self, cleaned: dict[str, Any]) -> str:
        file = cleaned.get("file")
        if file is None:
            if not cleaned["text"].strip():
                raise forms.ValidationError({"file": gettext("请选择年度文件。")})
            return str(cleaned["text"])
        if file.size > MOST_BYTES:
            raise forms.ValidationError({"file": gettext("文件超过 1 MB，不像是年度节假日文件。")})
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise forms.ValidationError({"file": gettext("文件不是 UTF-8 编码的文本。")}) from error


class DaysForm(ProposalForm):
    """Single days of a place: closed, open, or ordinary again."""

    first = forms.DateField(label=_("日期"), widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(
        label=_("至"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("只有一天时不填"),
    )
    works = forms.ChoiceField(
        label=_("这些日子"),
        widget=forms.RadioSelect,
        initial="closed",
        choices=(
            ("closed", _("停办，不计入期限")),
            ("open", _("上班，计入期限")),
            ("ordinary", _("撤销先前的标记，恢复平日")),
        ),
    )
    name = forms.CharField(label=_("事由"), max_length=100, help_text=_("例如：台风停工、民族节日"))
    source_title = forms.CharField(
        label=_("依据文件"), max_length=300, help_text=_("例如：某市人民政府通告〔2026〕3 号")
    )
    url = forms.URLField(label=_("文件网址"), required=False, assume_scheme="https")
    field_order = ("key", "first", "last", "works", "name", "source_title", "url", "note")
    carrier = "first"

    def arrangement(self, cleaned: dict[str, Any]) -> Arrangement:
        first: date = cleaned["first"]
        last: date = cleaned["last"] or first
        if last < first:
            raise forms.ValidationError({"last": gettext("截止日早于开始日。")})
        if (last - first).days >= MOST_DAYS:
            raise forms.ValidationError({"last": gettext("一次至多标记 {n} 天。").format(n=MOST_DAYS)})
        works = {"closed": False, "open": True, "ordinary": None}[cleaned["works"]]
        title, url = cleaned["source_title"], cleaned["url"]
        marks = tuple(
            DayMark(
                first + timedelta(days=n), works, cleaned["name"], title, url, local=cleaned["key"] != "CN"
            )
            for n in range((last - first).days + 1)
        )
        return Arrangement(title, url, marks, None)


FORMS: dict[str, type[ProposalForm]] = {NOTICE: NoticeForm, FILE: FileForm, DAYS: DaysForm}
