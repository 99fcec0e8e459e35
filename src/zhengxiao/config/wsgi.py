"""The WSGI entry that granian serves."""

from __future__ import annotations

import gc
import os
import sys

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from zhengxiao.surfaces.operation.served import Served
from zhengxiao.surfaces.operation.shedding import Gatehouse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengxiao.config.settings.prod")
application = Served(
    get_wsgi_application(), Gatehouse(settings.ZX_THREADS, patience=settings.ZX_WAIT_MS / 1000)
)

if settings.DEMO:
    from zhengxiao.config.demo import wire

    wire()

# What was loaded stays for the life of the process: the collector need not look at it again in the middle of a request.
gc.collect()
gc.freeze()
# A request makes some ten thousand objects and next to no rings of them: look for rings now and then, not all the time.
gc.set_threshold(20_000, 20, 20)
# Whoever only has to be told to come back does not wait five milliseconds for each of those at work.
sys.setswitchinterval(0.0025)
