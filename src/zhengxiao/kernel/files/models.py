"""Files people hand in, stored once per content, with who, when and to what they belong."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scan(models.TextChoices):
    """What the scanner of the installation has said about a file so far."""

    UNSCANNED = "unscanned", _("未查毒")
    WAITING = "waiting", _("等待查毒")
    CLEAN = "clean", _("查毒通过")
    REFUSED = "refused", _("查毒未通过")


class StoredFile(models.Model):
    """One file handed in. The content lies below MEDIA_ROOT under its digest, so equal contents share one
    place.
    """

    digest = models.CharField(_("SHA-256"), max_length=64, db_index=True)
    size = models.BigIntegerField(_("字节数"))
    media_type = models.CharField(_("类型"), max_length=100)
    original_name = models.CharField(_("文件名"), max_length=120)
    label = models.CharField(_("名称"), max_length=120, blank=True)
    subject_kind = models.CharField(_("所属种类"), max_length=40, blank=True)
    subject_id = models.BigIntegerField(_("所属编号"), null=True)
    uploaded_by = models.ForeignKey(
        "identity.User", verbose_name=_("上传人"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("上传时间"))

    scan = models.CharField(_("查毒"), max_length=10, choices=Scan, default=Scan.UNSCANNED)
    scanned_at = models.DateTimeField(_("查毒时间"), null=True)

    class Meta:
        verbose_name = _("文件")
        verbose_name_plural = _("文件")
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="files_by_subject")]
        constraints = [
            models.CheckConstraint(name="files_scan_known", condition=models.Q(scan__in=Scan.values)),
        ]
