"""Check the built wheel: every file of the package that is not a test is in it, the compiled catalogues too.

Exit 1 and one line per missing or superfluous file. Usage: check_wheel.py [WHEEL]
"""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "zhengxiao"
LEFT_OUT = {"__pycache__", "tests"}


def wanted() -> set[str]:
    """Names, as in the wheel, of what the package needs at run time."""
    names = set()
    for path in PACKAGE.rglob("*"):
        parts = path.relative_to(PACKAGE).parts
        if path.is_file() and not LEFT_OUT & set(parts) and path.suffix != ".pyc":
            names.add(path.relative_to(PACKAGE.parent).as_posix())
    return names


def main() -> int:
    built = [Path(name) for name in sys.argv[1:]] or sorted((ROOT / "dist").glob("zhengxiao-*.whl"))
    if len(built) != 1:
        print(f"expected one wheel, found {len(built)}")
        return 1
    inside = set(zipfile.ZipFile(built[0]).namelist())
    lines = [f"missing in the wheel: {name}" for name in sorted(wanted() - inside)]
    lines += [f"a test in the wheel: {name}" for name in sorted(inside) if "/tests/" in name]
    if not any(name.endswith("dist-info/licenses/LICENSE") for name in inside):
        lines.append("missing in the wheel: LICENSE")
    print("\n".join(lines) or f"{built[0].name}: {len(inside)} files, {built[0].stat().st_size // 1024} KiB")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
