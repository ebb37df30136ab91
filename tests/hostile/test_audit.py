"""The audit of the packages says what was looked up, and does not take silence for an answer."""

import json
from pathlib import Path

import audit
import pytest

FINE = {"name": "a", "version": "1", "vulns": []}
WORN = {"name": "b", "version": "2", "vulns": [{"id": "X-1", "fix_versions": ["3"], "aliases": [], "description": ""}]}
UNSEEN = {"name": "c", "skip_reason": "not found on PyPI"}


@pytest.mark.parametrize(
    ("packages", "words", "code"),
    [
        ([FINE], "1 packages audited, 0 known faults", 0),
        ([FINE, WORN], "2 packages audited, 1 known faults\nb 2: X-1, fixed in 3", 1),
        ([FINE, UNSEEN], "1 packages audited, 0 known faults\nnot looked up: c", 1),
        ([UNSEEN], "the database of pip-audit was not reached: none of 1 packages was audited here", 0),
    ],
)
def test_what_an_audit_comes_to(packages: list[dict[str, object]], words: str, code: int, tmp_path: Path) -> None:
    report = tmp_path / "audit.json"
    report.write_text(json.dumps({"dependencies": packages, "fixes": []}), encoding="utf-8")
    assert audit.verdict(report) == (words, code)
