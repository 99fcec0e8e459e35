"""The fields of the upper platform's two tables, as data: one source for form, bulk check, report file and API. No Django.

Source: domain reference 5.2 and 5.3; lengths marked CONFIG are not in the sources and are what platforms usually take.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from zhengxiao.lib.refusals import gettext_noop
from zhengxiao.mechanisms.disclosures.rules import Kind, SubjectKind


class Form(StrEnum):
    """How a value is written."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    CHOICES = "choices"
    """Several of the table, joined by semicolons."""
    DAY = "day"
    """2026/03/04."""
    MONEY = "money"
    """10,000 yuan, at most six decimals, not negative."""
    CREDIT_CODE = "credit_code"
    ORGANISATION_CODE = "organisation_code"
    ID_NUMBER = "id_number"
    """By the kind of document that stands in `beside`; only resident identity numbers can be checked."""


@dataclass(frozen=True, slots=True)
class When:
    """A field is required when another one holds one of these values (or, for several values, contains one)."""

    field: str
    values: tuple[str, ...]


ALWAYS = When("", ())


@dataclass(frozen=True, slots=True)
class FieldRule:
    """One column.

    `need` None: optional. `longest` in characters, 0 where the table of choices says enough. `other`: a value of one's own
    is written behind "其他-". `secret`: sealed at rest, never shown in public, masked in every list of faults. `past`: the
    day is not after today.
    """

    name: str
    label: str
    need: When | None = None
    longest: int = 0
    form: Form = Form.TEXT
    choices: tuple[str, ...] = ()
    other: bool = False
    beside: str = ""
    secret: bool = False
    past: bool = False
    example: str = ""


CODES = (Form.CREDIT_CODE, Form.ORGANISATION_CODE, Form.ID_NUMBER)
"""Forms of codes that are kept in one spelling."""


class Cross(StrEnum):
    """A rule about two fields."""

    NOT_BEFORE = "not_before"
    """The second day is not before the first."""
    POSITIVE = "positive"
    """Where the first contains the word, the second is a sum above zero."""
    FILLED = "filled"
    """Where the first contains one of the words, the second is filled."""


@dataclass(frozen=True, slots=True)
class CrossRule:
    """`second` is the field at fault."""

    rule: Cross
    first: str
    second: str
    words: tuple[str, ...] = ()


ORGANISATION, INDIVIDUAL, PERSON = "法人及非法人组织", "个体工商户", "自然人"
SUBJECTS: Mapping[str, SubjectKind] = MappingProxyType(
    {
        ORGANISATION: SubjectKind.ORGANISATION,
        INDIVIDUAL: SubjectKind.INDIVIDUAL,
        PERSON: SubjectKind.PERSON,
    }
)
RESIDENT_CARD = "身份证"
ID_TYPES = (
    RESIDENT_CARD,
    "护照号",
    "港澳居民来往内地通行证",
    "台湾居民来往大陆通行证",
    "外国人永久居留身份证",
)
OTHER = "其他-"
LONG_TERM = "2099/12/31"
LICENCE_CLASSES = ("普通", "特许", "认可", "核准", "登记")
PENALTY_CLASSES = (
    "警告",
    "罚款",
    "没收违法所得、没收非法财物",
    "责令停产停业",
    "暂扣或吊销许可证、执照",
    "行政拘留",
)
FINE, FORFEIT, SUSPEND = "罚款", "没收", ("暂扣", "吊销")


def _subject(prefix: str) -> tuple[FieldRule, ...]:
    """Whom the decision is about: the same columns in both tables."""
    kind = f"{prefix}_XDR_LB"
    return (
        FieldRule(f"{prefix}_XDR_MC", gettext_noop("行政相对人名称"), ALWAYS, 200),
        FieldRule(kind, gettext_noop("行政相对人类别"), ALWAYS, 0, Form.CHOICE, tuple(SUBJECTS)),
        FieldRule(
            f"{prefix}_XDR_SHXYM", gettext_noop("统一社会信用代码"), When(kind, (ORGANISATION,)), 18, Form.CREDIT_CODE
        ),
        FieldRule(f"{prefix}_XDR_GSZC", gettext_noop("工商注册号"), None, 50),
        FieldRule(f"{prefix}_XDR_ZZJG", gettext_noop("组织机构代码"), None, 10, Form.ORGANISATION_CODE),
        FieldRule(f"{prefix}_XDR_SWDJ", gettext_noop("税务登记号"), None, 20),
        FieldRule(f"{prefix}_XDR_SYDW", gettext_noop("事业单位证书号"), None, 20),
        FieldRule(f"{prefix}_XDR_SHZZ", gettext_noop("社会组织登记证号"), None, 50),
        FieldRule(f"{prefix}_FRDB", gettext_noop("法定代表人"), When(kind, (ORGANISATION, INDIVIDUAL)), 50),
        FieldRule(
            f"{prefix}_FR_ZJLX", gettext_noop("法定代表人证件类型"), None, 64, Form.CHOICE, ID_TYPES, other=True
        ),
        FieldRule(
            f"{prefix}_FR_ZJHM", gettext_noop("法定代表人证件号码"), None, 64, Form.ID_NUMBER,
            beside=f"{prefix}_FR_ZJLX", secret=True,
        ),
        FieldRule(
            f"{prefix}_XDR_ZJLX", gettext_noop("证件类型"), When(kind, (PERSON,)), 64, Form.CHOICE, ID_TYPES, other=True
        ),
        FieldRule(
            f"{prefix}_XDR_ZJHM", gettext_noop("证件号码"), When(kind, (PERSON,)), 64, Form.ID_NUMBER,
            beside=f"{prefix}_XDR_ZJLX", secret=True,
        ),
    )  # fmt: skip


LICENCE_FIELDS = (
    *_subject("XK"),
    FieldRule("XK_XKWS", gettext_noop("行政许可决定文书名称"), ALWAYS, 64),
    FieldRule("XK_WSH", gettext_noop("行政许可决定文书号"), ALWAYS, 64, example="示许准〔2026〕88 号"),
    FieldRule("XK_XKLB", gettext_noop("许可类别"), ALWAYS, 256, Form.CHOICE, LICENCE_CLASSES, other=True),
    FieldRule("XK_XKZS", gettext_noop("许可证书名称"), None, 64),
    FieldRule("XK_XKBH", gettext_noop("许可编号"), None, 64),
    FieldRule("XK_NR", gettext_noop("许可内容"), ALWAYS, 4000, Form.LONG_TEXT),
    FieldRule("XK_JDRQ", gettext_noop("许可决定日期"), ALWAYS, 10, Form.DAY, past=True, example="2026/03/04"),
    FieldRule("XK_YXQZ", gettext_noop("有效期自"), ALWAYS, 10, Form.DAY, example="2026/03/04"),
    FieldRule("XK_YXQZI", gettext_noop("有效期至"), ALWAYS, 10, Form.DAY, example=LONG_TERM),
    FieldRule("XK_XKJG", gettext_noop("许可机关"), ALWAYS, 200),
    FieldRule("XK_XKJGDM", gettext_noop("许可机关统一社会信用代码"), ALWAYS, 18, Form.CREDIT_CODE),
    FieldRule("XK_ZT", gettext_noop("当前状态"), ALWAYS, 0, Form.CHOICE, ("1", "2")),
    FieldRule("XK_LYDW", gettext_noop("数据来源单位"), ALWAYS, 200),
    FieldRule("XK_LYDWDM", gettext_noop("数据来源单位统一社会信用代码"), ALWAYS, 18, Form.CREDIT_CODE),
    FieldRule("BZ", gettext_noop("备注"), None, 512),
)

PENALTY_FIELDS = (
    *_subject("CF"),
    FieldRule("CF_WSH", gettext_noop("行政处罚决定书文号"), ALWAYS, 64, example="示罚〔2026〕12 号"),
    FieldRule("CF_WFXW", gettext_noop("违法行为类型"), ALWAYS, 2000, Form.LONG_TEXT),
    FieldRule("CF_SY", gettext_noop("违法事实"), ALWAYS, 5000, Form.LONG_TEXT),
    FieldRule("CF_YJ", gettext_noop("处罚依据"), ALWAYS, 2048, Form.LONG_TEXT),
    FieldRule("CF_CFLB", gettext_noop("处罚类别"), ALWAYS, 256, Form.CHOICES, PENALTY_CLASSES, other=True),
    FieldRule("CF_NR", gettext_noop("处罚内容"), ALWAYS, 4000, Form.LONG_TEXT),
    FieldRule("CF_NR_FK", gettext_noop("罚款金额（万元）"), None, 24, Form.MONEY, example="0.5"),
    FieldRule("CF_NR_WFFF", gettext_noop("没收违法所得、没收非法财物的金额（万元）"), None, 24, Form.MONEY),
    FieldRule("CF_NR_ZKDX", gettext_noop("暂扣或吊销证照名称及编号"), None, 200),
    FieldRule("CF_JDRQ", gettext_noop("处罚决定日期"), ALWAYS, 10, Form.DAY, past=True, example="2026/03/04"),
    FieldRule("CF_YXQ", gettext_noop("处罚有效期"), ALWAYS, 10, Form.DAY, example=LONG_TERM),
    FieldRule("CF_GSJZQ", gettext_noop("公示截止期"), None, 10, Form.DAY, example="2027/03/04"),
    FieldRule("CF_CFJG", gettext_noop("处罚机关"), ALWAYS, 200),
    FieldRule("CF_CFJGDM", gettext_noop("处罚机关统一社会信用代码"), ALWAYS, 18, Form.CREDIT_CODE),
    FieldRule("CF_SJLY", gettext_noop("数据来源单位"), ALWAYS, 200),
    FieldRule("CF_SJLYDM", gettext_noop("数据来源单位统一社会信用代码"), ALWAYS, 18, Form.CREDIT_CODE),
    FieldRule("BZ", gettext_noop("备注"), None, 512),
)


@dataclass(frozen=True)
class Table:
    """One of the two tables. The names under which the product knows what every record has: `document` and so on."""

    kind: Kind
    fields: tuple[FieldRule, ...]
    cross: tuple[CrossRule, ...]
    document: str
    day: str
    office: str
    office_code: str
    source: str
    source_code: str
    content: str

    @property
    def by_name(self) -> dict[str, FieldRule]:
        return {rule.name: rule for rule in self.fields}

    @property
    def prefix(self) -> str:
        return self.document.partition("_")[0]

    @property
    def secrets(self) -> frozenset[str]:
        return frozenset(rule.name for rule in self.fields if rule.secret)


TABLES: Mapping[Kind, Table] = MappingProxyType(
    {
        Kind.LICENCE: Table(
            Kind.LICENCE, LICENCE_FIELDS,
            (CrossRule(Cross.NOT_BEFORE, "XK_YXQZ", "XK_YXQZI"),),
            "XK_WSH", "XK_JDRQ", "XK_XKJG", "XK_XKJGDM", "XK_LYDW", "XK_LYDWDM", "XK_NR",
        ),
        Kind.PENALTY: Table(
            Kind.PENALTY, PENALTY_FIELDS,
            (
                CrossRule(Cross.POSITIVE, "CF_CFLB", "CF_NR_FK", (FINE,)),
                CrossRule(Cross.POSITIVE, "CF_CFLB", "CF_NR_WFFF", (FORFEIT,)),
                CrossRule(Cross.FILLED, "CF_CFLB", "CF_NR_ZKDX", SUSPEND),
                CrossRule(Cross.NOT_BEFORE, "CF_JDRQ", "CF_YXQ"),
                CrossRule(Cross.NOT_BEFORE, "CF_JDRQ", "CF_GSJZQ"),
            ),
            "CF_WSH", "CF_JDRQ", "CF_CFJG", "CF_CFJGDM", "CF_SJLY", "CF_SJLYDM", "CF_NR",
        ),
    }
)  # fmt: skip
