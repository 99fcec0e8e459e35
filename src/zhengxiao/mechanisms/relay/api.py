"""The face of the relay: what surfaces may import."""

from __future__ import annotations

from zhengxiao.mechanisms.relay.models import Relayed, SupervisingUnit
from zhengxiao.mechanisms.relay.services import relay_move, relay_open

__all__ = ["Relayed", "SupervisingUnit", "relay_move", "relay_open"]
