"""The tree over the timeline's leaves, what waits to be placed, and the signed heads.

Nothing here refers to an entry by foreign key: the tree must outlive what somebody does to the entry, so that it can tell.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PendingLeaf(models.Model):
    """An entry that has no place in the tree yet. Written by a trigger with the entry itself, removed when it is placed."""

    entry_id = models.BigIntegerField(_("记录"), primary_key=True)
    leaf = models.BinaryField(_("散列叶"), max_length=32)

    class Meta:
        verbose_name = _("待入树记录")
        verbose_name_plural = _("待入树记录")


class TreeHead(models.Model):
    """The one row that says how large the tree is, with its right edge; claiming it is the right to append."""

    size = models.BigIntegerField(_("大小"), default=0)
    frontier = models.BinaryField(_("右边缘"), default=b"")
    algorithm = models.CharField(_("散列算法"), max_length=6, default="sha256")

    class Meta:
        verbose_name = _("树的末端")
        verbose_name_plural = _("树的末端")
        constraints = [models.CheckConstraint(name="proof_one_head", condition=models.Q(id=1))]


class TreeLeaf(models.Model):
    """One entry's place. `marks` are short digests per field: they prove nothing, they name the field that was changed."""

    index = models.BigIntegerField(_("序号"), primary_key=True)
    entry_id = models.BigIntegerField(_("记录"), unique=True)
    leaf = models.BinaryField(_("散列叶"), max_length=32)
    marks = models.BinaryField(_("字段摘要"), max_length=44)

    class Meta:
        verbose_name = _("散列叶")
        verbose_name_plural = _("散列叶")


class TreeNode(models.Model):
    """The root of 2**level leaves, kept every eight levels; complete, so it never changes."""

    level = models.PositiveSmallIntegerField(_("层"))
    number = models.BigIntegerField(_("序号"))
    digest = models.BinaryField(_("散列"), max_length=32)

    class Meta:
        verbose_name = _("树节点")
        verbose_name_plural = _("树节点")
        constraints = [models.UniqueConstraint(fields=["level", "number"], name="proof_node_once")]


class Standstill(models.Model):
    """There is one row while the newest head outside is ahead of the tree, on another way or damaged: no entry is taken then."""

    size = models.BigIntegerField(_("本库大小"))
    outside = models.BigIntegerField(_("外部大小"))
    kept = models.BigIntegerField(_("相同部分"))
    root = models.CharField(_("外部树根"), max_length=64, blank=True)
    unreadable = models.CharField(_("无法读取"), max_length=300, blank=True)
    since = models.DateTimeField(_("开始时间"))

    class Meta:
        verbose_name = _("只读状态")
        verbose_name_plural = _("只读状态")
        constraints = [models.CheckConstraint(name="proof_one_standstill", condition=models.Q(id=1))]


class Checkpoint(models.Model):
    """A signed head. One head per size: a second one of the same size would be a split view."""

    size = models.BigIntegerField(_("大小"), primary_key=True)
    root = models.BinaryField(_("树根"), max_length=32)
    at = models.DateTimeField(_("签名时间"))
    key_id = models.CharField(_("公钥编号"), max_length=8)
    note = models.TextField(_("检查点全文"))

    class Meta:
        verbose_name = _("检查点")
        verbose_name_plural = _("检查点")
