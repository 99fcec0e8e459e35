"""The WSGI entry that granian serves."""

from __future__ import annotations

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengxiao.config.settings.prod")
application = get_wsgi_application()

if settings.DEMO:
    from zhengxiao.config.demo import wire

    wire()
