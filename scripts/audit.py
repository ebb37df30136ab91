"""Say what `pip-audit -f json` found: exit 1 for a known fault in a package, or for one that was not looked up.

Where its database was not reached at all, it says so and exits 0: pip-audit then says that no fault is known, which
nobody looked up.
"""

import json
import sys
from pathlib import Path


def verdict(found: Path) -> tuple[str, int]:
    """Return what a report of pip-audit comes to, in words, and the exit code.

    >>> verdict(Path("none.json"))
    ('pip-audit gave no report: nothing was audited here', 0)
    """
    try:
        packages = json.loads(found.read_text(encoding="utf-8"))["dependencies"]
    except (OSError, ValueError, KeyError):
        return "pip-audit gave no report: nothing was audited here", 0
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    faults = [
        f"{package['name']} {package['version']}: {fault['id']}, fixed in {', '.join(fault['fix_versions']) or 'none'}"
        for package in packages
        for fault in package.get("vulns", ())
    ]
    if len(skipped) == len(packages):
        return f"the database of pip-audit was not reached: none of {len(packages)} packages was audited here", 0
    said = [f"{len(packages) - len(skipped)} packages audited, {len(faults)} known faults", *faults]
    said += [f"not looked up: {', '.join(skipped)}"] if skipped else []
    return "\n".join(said), 1 if faults or skipped else 0


if __name__ == "__main__":
    words, code = verdict(Path(sys.argv[1]))
    print(words)
    sys.exit(code)
