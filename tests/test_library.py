"""``kg query``: the library of questions from the command line, and what it says of mistakes."""

import csv
import io
import json

import pytest

from kg import cli, library
from kg.problems import Problems


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli.main(["query", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


def test_list(capsys: pytest.CaptureFixture[str]) -> None:
    _, everything, _ = run(capsys)
    for name in library.names():
        assert f"\n{name}" in f"\n{everything}"
        assert library.load(name).summary[:40] in everything
    _, some, _ = run(capsys, "--list", "relapse")
    assert "relapses_of_case --case kg:khurana-2025-1" in some
    assert "routes_of_cytokines" not in some


@pytest.mark.parametrize("name", library.names())
def test_every_question_in_every_format(capsys: pytest.CaptureFixture[str], name: str) -> None:
    given = [word for param in library.load(name).params for word in (f"--{param.name}", param.example)]
    code, out, err = run(capsys, name, *given, "--format", "json")
    assert (code, err) == (0, "")
    rows = json.loads(out)
    assert rows
    _, out, _ = run(capsys, name, *given, "--format=csv")
    table = list(csv.DictReader(io.StringIO(out)))
    assert len(table) == len(rows)
    assert list(table[0]) == list(rows[0])
    for form in ("table", "tsv", "markdown"):
        code, out, _ = run(capsys, name, *given, "--format", form)
        assert code == 0
        assert out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["outcomes_of_cases"], "outcomes_of_cases: there is no query of this name: did you mean outcomes_of_case"),
        (["outcomes_of_case"], "parameter 'case' is missing: give it, as in --case kg:khurana-2025-1"),
        (["outcomes_of_case", "--case", "khurana-2025-33"], "is no Case: did you mean khurana-2025-3"),
        (["outcomes_of_case", "--case", "baricitinib"], "'baricitinib' is no Case"),
        (["outcomes_of_case", "--drug", "x", "--case", "khurana-2025-1"], "there is no parameter 'drug'"),
        (["outcomes_of_case", "khurana-2025-1"], "khurana-2025-1: this is no option of a question"),
        (["outcomes_of_case", "--case"], "--case: it has no value"),
        (["cases", "--format", "xml"], "'xml' is no format: write one of table"),
    ],
)
def test_mistakes(capsys: pytest.CaptureFixture[str], arguments: list[str], words: str) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert words in err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("SELECT * WHERE {}", "the header has no summary"),
        ("#+ summary: x\n#+ sumary: y\nSELECT * WHERE {}", "x.rq:2: the header line '#+ sumary: y' is not understood"),
        ("#+ summary: x\n#+ param: case | jak:Case\nSELECT * WHERE {}", "is not understood"),
        ("#+ summary: x\n#+ summary: y\nSELECT * WHERE {}", "is not understood"),
    ],
)
def test_a_header_that_is_wrong(text: str, words: str) -> None:
    with pytest.raises(Problems) as caught:
        library.parse("x.rq", text)
    assert words in str(caught.value)
