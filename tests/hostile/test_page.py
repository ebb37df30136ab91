"""The page of what was tried is written from the tables of the tests and the runs by hand."""

import robustness


def test_the_page_is_what_the_script_writes() -> None:
    assert robustness.PAGE.read_text(encoding="utf-8") == robustness.text(), "python scripts/robustness.py writes it"
