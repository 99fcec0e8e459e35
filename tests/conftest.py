"""What the tests from outside share: installations that were migrated once for all of them."""

from __future__ import annotations

import pytest
from harness.laid_out import LaidOut


@pytest.fixture(scope="session")
def installations(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> LaidOut:
    """Empty installations to copy, one per database, the same for all workers.

    For tests that want an installation, not its birth: a migration from nothing costs more than all the rest of most of
    them. Births have their own: tests/test_cli_demo.py, tests/test_cli_proofs.py, tests/harness/test_upgrade.py.
    """
    folder = tmp_path_factory.getbasetemp()
    is_worker = hasattr(request.config, "workerinput")
    return LaidOut((folder.parent if is_worker else folder) / "laid-out")
