from __future__ import annotations

from datetime import datetime, timedelta

from django.apps import AppConfig


class ProofConfig(AppConfig):
    name = "zhengxiao.kernel.proof"
    label = "proof"
    verbose_name = "存证"

    def ready(self) -> None:
        from zhengxiao.kernel.access.api import register as register_policies
        from zhengxiao.kernel.jobs.api import SHORT_LEASE, Schedule, register_hold, register_schedule
        from zhengxiao.kernel.proof.facts import FACTS
        from zhengxiao.kernel.proof.permissions import POLICY
        from zhengxiao.kernel.timeline.api import register_facts

        register_facts("proof", FACTS)
        register_policies(POLICY)
        register_schedule(
            Schedule("proof.sequence", timedelta(seconds=5), sequence, label="时间线入树", lease=SHORT_LEASE)
        )
        register_schedule(Schedule("proof.take_up", timedelta(minutes=1), take_up, label="旧行补入存证"))
        register_schedule(
            Schedule(
                "proof.checkpoint",
                timedelta(minutes=1),
                sign,
                label="检查点签名",
                lease=SHORT_LEASE,
                always=True,
            )
        )
        register_hold("proof.standstill", stands_still)


def sequence(at: datetime) -> None:
    """Place what waits; nothing here depends on the moment."""
    from zhengxiao.kernel.proof.sequencing import sequence_all

    sequence_all()


def take_up(at: datetime) -> None:
    """Seal what an upgrade found; nothing when that is done."""
    from zhengxiao.kernel.proof.taking_up import rows_take_up

    rows_take_up(at=at)


def stands_still() -> bool:
    """Whether the database is older than what was witnessed outside."""
    from zhengxiao.kernel.proof.standing import standstill

    return standstill() is not None


def sign(at: datetime) -> None:
    """Sign a head when the tree has grown, and lay it down outside."""
    from zhengxiao.kernel.proof.checkpoints import checkpoint_issue

    checkpoint_issue(at=at)
