"""A workflow as a Mermaid state diagram and a table of its transitions, for docs/workflows/."""

from __future__ import annotations

from zhengxiao.kernel.workflow.declarations import Workflow


def diagram(workflow: Workflow) -> str:
    """Mermaid source; states carry their labels, arrows their transition's label."""
    lines = ["stateDiagram-v2"]
    lines += [f'    state "{state.label}" as {state.value}' for state in workflow.states]
    lines.append(f"    [*] --> {workflow.initial}")
    lines += [
        f"    {source} --> {step.target or source}: {step.label}"
        for step in workflow.transitions
        for source in step.sources
    ]
    leaving = {
        source
        for step in workflow.transitions
        for source in step.sources
        if step.target not in (None, source)
    }
    lines += [f"    {state.value} --> [*]" for state in workflow.states if state.value not in leaving]
    return "\n".join(lines)


def document(workflow: Workflow) -> str:
    """The docs page of a workflow: diagram, states, transitions with permission, law and fact."""
    labels = {state.value: str(state.label) for state in workflow.states}
    rows = [
        f"| {step.name} | {step.label} | {'、'.join(labels[s] for s in step.sources)} "
        f"| {labels[step.target] if step.target else '不变'} "
        f"| {step.action} | {step.fact} | {step.law or '—'} |"
        for step in workflow.transitions
    ]
    return "\n".join(
        [
            f"# {workflow.label} · `{workflow.name}`",
            "",
            "Generated from the declared table by `zx facts --workflows`; do not edit.",
            "",
            "```mermaid",
            diagram(workflow),
            "```",
            "",
            "| transition | 名称 | from | to | permission | fact | 依据 |",
            "|---|---|---|---|---|---|---|",
            *rows,
            "",
        ]
    )
