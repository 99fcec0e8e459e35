"""What is put on record about machine clients."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.timeline.api import Fact

FACTS = (
    Fact("openapi.client_registered", _("登记接口客户端"), _("登记接口客户端 {name}"), "api_client"),
    Fact("openapi.client_disabled", _("停用接口客户端"), _("停用接口客户端 {name}"), "api_client"),
    Fact(
        "openapi.token_issued", _("签发接口令牌"), _("签发接口令牌 {prefix}，有效至 {expires}"), "api_client"
    ),
    Fact("openapi.token_revoked", _("吊销接口令牌"), _("吊销接口令牌 {prefix}"), "api_client"),
)
