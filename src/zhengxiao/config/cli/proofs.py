"""`zx checkpoint`, `zx verify` and `zx export-proof`: the history signed, checked, and handed out."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from zhengxiao.config.cli.output import COULD_NOT, FINDING, database_command, emit


@click.command("checkpoint")
@click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path), help="Lay it down here.")
@click.option("--key", "show_key", is_flag=True, help="Print the public keys instead.")
@click.option(
    "--catch-up", is_flag=True, help="First let entries wait that were written without the trigger."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@database_command
def checkpoint_command(folder: Path | None, show_key: bool, catch_up: bool, as_json: bool) -> None:
    """Sign the head of the history and lay it down for an outside party (ZX_CHECKPOINT_DIR or --to)."""
    from zhengxiao.kernel.proof.api import (
        checkpoint_issue,
        entries_enqueue,
        key_text,
        trusted_keys,
        trusted_sm2_keys,
    )

    if show_key:
        keys = [key_text(key) for key in trusted_keys()]
        keys += [key.pem for key in trusted_sm2_keys()]
        emit(keys, as_json=as_json, text="\n".join(keys) or "还没有签名密钥，请先运行 zx checkpoint")
        return
    found = entries_enqueue() if catch_up else 0
    made = checkpoint_issue(at=datetime.now(UTC), folder=folder)
    if made is None:
        emit({"size": 0, "caught_up": found}, as_json=as_json, text="还没有任何记录，无可签名")
        return
    result = {
        "size": made.size,
        "root": bytes(made.root).hex(),
        "at": made.at,
        "key_id": made.key_id,
        "note": made.note,
        "caught_up": found,
    }
    emit(result, as_json=as_json, text=made.note)


@click.command("verify")
@click.option(
    "--checkpoint",
    "files",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Kept outside.",
)
@click.option("--key", "keys", multiple=True, help="Trust these public keys only, not those below ZX_HOME.")
@click.option("--as-is", is_flag=True, help="Only look: do not place waiting entries first.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@database_command
def verify_command(files: tuple[Path, ...], keys: tuple[str, ...], as_is: bool, as_json: bool) -> None:
    """Check the whole history against its tree, the signed heads and the newest outside one. Exit 1 with a finding."""
    from zhengxiao.kernel.proof.api import sequence_all, verify, witnessed
    from zhengxiao.kernel.proof.verifier import Malformed, read_key

    try:
        notes = [path.read_text("utf-8") for path in files]
        kept = witnessed()
        outside = [*notes, *([kept] if kept else [])]
        trusted = [read_key(key) for key in keys] or None
        while not as_is and sequence_all():
            pass
        report = verify(at=datetime.now(UTC), keys=trusted, outside=outside)
    except (Malformed, OSError, UnicodeDecodeError) as error:
        click.echo(str(error), err=True)
        sys.exit(COULD_NOT)
    head = f"记录 {report.entries} 条，树 {report.size} 个叶，检查点 {report.checkpoints} 个，外部检查点 {len(outside)} 个"
    head += f"；业务行 {report.rows} 行相符"
    head += f"，{report.not_covered} 行早于逐行存证、未覆盖" if report.not_covered else ""
    head += f"，{report.erased} 处个人信息已依法清除" if report.erased else ""
    lines = [f"{found.table}[{found.key}].{found.field}  {found.text}" for found in report.findings]
    rest = report.total - len(lines)
    lines += [f"另有 {rest} 处未列出"] if rest else []
    verdict = "全部相符" if report.clean else f"发现 {report.total} 处不符"
    result = {"clean": report.clean, "outside": len(outside), **asdict(report)}
    emit(result, as_json=as_json, text="\n".join([*lines, f"{head}：{verdict}"]))
    if not report.clean:
        sys.exit(FINDING)


@click.command("export-proof")
@click.argument("case")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The proof file.")
@click.option(
    "--since",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="An older checkpoint to continue.",
)
@click.option(
    "--openings", is_flag=True, help="Open its personal values; a look on record: --as, --purpose, --note."
)
@click.option("--as", "username", default="", help="Who looks (with --openings).")
@click.option(
    "--purpose", default="", help="verify, contact, document, complaint, investigation (with --openings)."
)
@click.option("--note", default="", help="The matter; the person concerned can read it (with --openings).")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@database_command
def export_proof_command(
    case: str,
    out: Path,
    since: Path | None,
    openings: bool,
    username: str,
    purpose: str,
    note: str,
    as_json: bool,
) -> None:
    """Write the history of the case numbered CASE as a file that kernel/proof/verifier.py checks offline."""
    from zhengxiao.backbone.cases.api import Case, openings_by_look
    from zhengxiao.kernel.access.api import actor_for
    from zhengxiao.kernel.identity.api import user_by_username
    from zhengxiao.kernel.proof.api import checkpoint_issue, proof_document
    from zhengxiao.kernel.proof.verifier import Malformed, read_checkpoint
    from zhengxiao.kernel.timeline.api import Subject

    found = Case.objects.select_related("party").filter(number=case).first()
    if found is None:
        click.echo(f"没有编号为 {case} 的办件", err=True)
        sys.exit(COULD_NOT)
    try:
        size = read_checkpoint(since.read_text("utf-8")).size if since else None
    except (Malformed, UnicodeDecodeError) as error:
        click.echo(str(error), err=True)
        sys.exit(COULD_NOT)
    at, may_open = datetime.now(UTC), None
    if openings:
        actor = actor_for(user_by_username(username), at=at)
        may_open = openings_by_look(case=found, purpose=purpose, note=note, actor=actor, at=at)
    checkpoint_issue(at=at)
    document = proof_document(subject=Subject("case", found.pk), name=case, since=size, may_open=may_open)
    out.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", "utf-8")
    entries, opened = len(document["entries"]), len(document.get("openings", ()))
    result = {
        "case": case,
        "entries": entries,
        "uncovered": document["uncovered"],
        "opened": opened,
        "out": str(out),
    }
    emit(result, as_json=as_json, text=f"{out}：{entries} 条记录的证明")
