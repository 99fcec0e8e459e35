"""The face of the portal."""

from __future__ import annotations

from zhengxiao.surfaces.portal.demo import DemoAccount, register_demo_accounts

__all__ = ["DemoAccount", "register_demo_accounts"]
