"""The WSGI entry that granian serves."""

from __future__ import annotations

import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengxiao.config.settings.prod")
application = get_wsgi_application()

if settings.DEMO:
    from zhengxiao.config.demo import wire

    wire()

# What was loaded stays for the life of the process: the collector need not look at it again in the middle of a request.
gc.collect()
gc.freeze()
