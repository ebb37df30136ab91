"""What changed between two graphs, and that no published name is lost: by kg diff, kg release --against and kg check.

The facts of a copy of the small folder are changed; older and newer graph are built from them.
"""

import json
import shutil
from pathlib import Path

import pytest
from conftest import ROOT
from rdflib import Graph

from kg.cli import main
from kg.facts import dataset
from kg.model.errors import Problems
from kg.model.vocabulary import VERSION, curie, expanded
from kg.rdf import builder, diff, serialize
from kg.rdf.store import folder as data
from kg.validation import check

MINI = ROOT / "tests" / "mini"
Change = tuple[str, str, str]
"""File of facts, a text in it, and what stands there instead; an empty text stands for the end of the file."""
SITES: list[Change] = [
    ("sites.tsv", "hands\thands\t", "palms\tpalms\t"),
    ("cases/khurana-2025.toml", 'site = "hands"', 'site = "palms"'),
]
"""One site gets another name; names that are made from it change, too."""
GIVEN_UP = (
    "replaced.tsv",
    "",
    "hands\tpalms\tmore exact\tJAK-KG team\t2026-11-23\n"
    + "".join(
        f"khurana-2025-1-baricitinib-granuloma-annulare-hands-response-at-assessment-complete{part}\t"
        f"khurana-2025-1-baricitinib-granuloma-annulare-palms-response-at-assessment-complete{part}\t"
        "more exact\tJAK-KG team\t2026-11-23\n"
        for part in ("", "-time")
    ),
)


def changed(folder: Path, *changes: Change) -> Path:
    """A copy of the small folder with changes."""
    copy = Path(shutil.copytree(MINI, folder))
    for name, was, now in changes:
        text = (copy / name).read_text(encoding="utf-8")
        assert was in text
        (copy / name).write_text(text.replace(was, now) if was else text + now, encoding="utf-8")
    return copy


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The graph of the small folder as it is."""
    return build(MINI, tmp_path / "old.ttl")


def build(source: Path, file: Path) -> Path:
    assert main.main(["build", "--facts", str(source), "-o", str(file)]) == 0
    return file


def told(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, list[str]]:
    """The exit code of kg diff and the lines that it prints."""
    capsys.readouterr()
    code = main.main(["diff", *map(str, words)])
    return code, capsys.readouterr().out.splitlines()


def new(tmp_path: Path, *changes: Change) -> Path:
    return build(changed(tmp_path / "facts", *changes), tmp_path / "new.nt")


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "400")


# --- what is told -----------------------------------------------------------------------------------------------------


def test_of_the_same_graph_nothing_is_told(old: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    same = build(MINI, tmp_path / "same.nt")
    nothing = "0 names new, 0 vanished, 0 deprecated, 0 claims of another status, 0 things with other values."
    assert told(capsys, old, same) == (0, [nothing])


def test_a_name_that_vanished_fails(old: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = told(capsys, old, new(tmp_path, *SITES))
    assert code == 1
    assert lines[0].startswith("3 names new, 3 vanished, 0 deprecated, ")
    assert lines[2:4] == ["Vanished: these names were published and must not be lost (3)", "- kg:hands, hands"]


def test_a_name_that_was_given_up_does_not(old: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = told(capsys, old, new(tmp_path, *SITES, GIVEN_UP))
    assert code == 0
    assert lines[0].startswith("3 names new, 0 vanished, 3 deprecated, ")
    assert lines[2:4] == ["Deprecated (3)", "- kg:hands: replaced by kg:palms (palms): more exact"]


def test_a_deprecated_name_may_not_vanish_either(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = build(changed(tmp_path / "before", *SITES, GIVEN_UP), tmp_path / "before.ttl")
    code, lines = told(capsys, first, new(tmp_path, *SITES))
    assert code == 1
    assert "- kg:hands, obsolete hands" in lines


def test_status_of_a_claim(old: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = "claims/receptor-kinase.tsv"
    text = (MINI / file).read_text(encoding="utf-8")
    (row,) = [line for line in text.splitlines() if line.startswith("il21-receptor\tneeds\tjak3\tsupports")][:1]
    code, lines = told(capsys, old, new(tmp_path, (file, row, row.replace("\tsupports\t", "\trefutes\t"))))
    assert code == 0
    assert "- IL-21 receptor needs kinase JAK3: refuted, was accepted" in lines
    assert "- IL-21 receptor (kg:il21-receptor), needs kinase: no longer JAK3" in lines


def test_values(old: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    after = new(tmp_path, ("sites.tsv", "hands\thands\t", "hands\tboth hands\t"))
    code, lines = told(capsys, old, after)
    assert code == 0
    assert "- both hands (kg:hands), label: now both hands; no longer hands" in lines


def test_json(old: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = told(capsys, old, new(tmp_path, *SITES), "--format", "json")
    found = json.loads("\n".join(lines))
    assert code == 1
    assert found["versions"] == [VERSION, VERSION]
    assert found["vanished"][0] == "kg:hands"
    assert found["added"][-1] == "kg:palms"
    assert found["changed"]["kg:khurana-2025-1-baricitinib-relapse"] == {
        "jak:atSite": {"gone": ["kg:hands"], "new": ["kg:palms"]}
    }


DEFINED = """
@prefix jak: <https://w3id.org/jak-kg/vocab#> . @prefix kg: <https://w3id.org/jak-kg/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
kg:other owl:equivalentClass [ owl:complementOf jak:Case ] .
kg:one owl:equivalentClass [ owl:onProperty jak:needsKinase ; owl:hasValue kg:KINASE ] .
"""


def test_definitions_without_a_name_are_compared_by_what_they_say() -> None:
    def snapshot(text: str) -> diff.Snapshot:
        return diff.Snapshot.of(serialize.canonical(Graph().parse(data=text, format="turtle")))

    first = DEFINED.replace("KINASE", "jak1")
    assert diff.compare(snapshot(first), snapshot(first.replace("kg:other owl", "kg:more owl"))).changed == {}
    ((thing, values),) = diff.compare(snapshot(first), snapshot(DEFINED.replace("KINASE", "jak3"))).changed.items()
    assert curie(thing) == "kg:one"
    ((gone, now),) = values.values()
    assert gone == ["[ owl:hasValue kg:jak1 ; owl:onProperty jak:needsKinase ]"]
    assert now == [gone[0].replace("jak1", "jak3")]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("graph.csv", "", "this is not a release: give its folder, or a graph (.ttl or .nt)"),
        ("none.ttl", None, "cannot be read (No such file or directory): give the folder of a release, or a graph"),
        ("folder", None, "folder: this is not a release: "),
        ("graph.ttl", "kg:il21 a", "graph.ttl:1: this is not valid RDF: "),
    ],
)
def test_what_cannot_be_read_is_a_problem(
    name: str, text: str | None, said: str, old: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if text is not None:
        (tmp_path / name).write_text(text, encoding="utf-8")
    if name == "folder":
        (tmp_path / name).mkdir()
    capsys.readouterr()
    assert main.main(["diff", str(old), str(tmp_path / name)]) == 2
    assert said in capsys.readouterr().err


# --- kg release --against ---------------------------------------------------------------------------------------------


@pytest.mark.conformance
def test_a_release_against_an_older_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    assert main.main(["release", str(first), "--facts", str(MINI), "--without-reasoner"]) == 0
    words = ["release", str(second), "--against", str(first), "--without-reasoner", "--facts"]
    renamed = changed(tmp_path / "renamed", *SITES)
    capsys.readouterr()
    assert main.main([*words, str(renamed)]) == 2
    assert capsys.readouterr().err.splitlines()[0] == (
        f"{first}: kg:hands was published and is gone (did you mean 'kg:palms'?): bring it back, or give it a row in "
        "facts/replaced.tsv that says what replaces it and why"
    )
    assert not second.exists()
    assert main.main([*words, str(changed(tmp_path / "given-up", *SITES, GIVEN_UP))]) == 0
    assert told(capsys, first, second)[0] == 0


# --- ontology/published.txt -------------------------------------------------------------------------------------------


def test_published_names_are_sorted_and_ours() -> None:
    first, *names = (data("ontology") / "published.txt").read_text(encoding="utf-8").splitlines()
    assert first.startswith("# The IRIs of JAK-KG ")
    assert names == sorted(set(names))
    assert all(name.startswith(("jak:", "kg:")) and curie(expanded(name)) == name for name in names)
    assert {"kg:il21", "jak:needsKinase", "kg:khurana-2025-1", "kg:claim-il21-receptor-needs-jak3"} <= set(names)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder ontology with the small facts that ``kg check`` takes for the shipped one."""
    copy = Path(shutil.copytree(data("ontology"), tmp_path / "ontology", ignore=shutil.ignore_patterns("facts")))
    shutil.copytree(MINI, copy / "facts")
    (copy / "published.txt").write_text("# The IRIs of JAK-KG\njak:needsKinase\nkg:il21\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return copy


def of_the_list(checkout: Path) -> list[str]:
    """Return what the check of a checkout says of the published names."""
    with pytest.raises(Problems) as caught:
        check.everything(checkout / "facts", checkout)
    lines = [str(problem).removeprefix(f"{checkout}/") for problem in caught.value.problems]
    return [line for line in lines if line.startswith("published.txt")]


def test_a_published_name_that_is_gone_is_a_problem(checkout: Path) -> None:
    with (checkout / "published.txt").open("a", encoding="utf-8") as file:
        file.write("kg:no-such-name-ever\njak:usesKinases\n")
    row = "bring it back, or give it a row in facts/replaced.tsv that says what replaces it and why"
    term = "bring it back, or keep it in jak-kg.ttl with owl:deprecated true, dcterms:isReplacedBy and jak:reason"
    near = " (did you mean 'jak:usesKinase' or 'jak:Kinase' or 'jak:saysUsesKinase'?)"
    assert of_the_list(checkout) == [
        f"published.txt:4: kg:no-such-name-ever was published and is gone: {row}",
        f"published.txt:5: jak:usesKinases was published and is gone{near}: {term}",
    ]


def test_a_term_that_is_given_up_stays_with_a_reason(checkout: Path) -> None:
    with (checkout / "jak-kg.ttl").open("a", encoding="utf-8") as file:
        file.write("jak:Open <http://www.w3.org/2002/07/owl#deprecated> true .\n")
    with pytest.raises(Problems, match="what is given up needs a reason"):
        check.everything(checkout / "facts", checkout)


def test_a_missing_list_is_a_problem(checkout: Path) -> None:
    (checkout / "published.txt").unlink()
    assert of_the_list(checkout) == ["published.txt: the file is missing: python scripts/published.py writes it"]


def test_what_is_given_up_is_in_the_graph(tmp_path: Path) -> None:
    read = dataset.read(changed(tmp_path / "facts", *SITES, GIVEN_UP))
    found = diff.Snapshot.of(serialize.canonical(builder.build(read, data("ontology") / "jak-kg.ttl")))
    assert found.values[expanded("kg:hands")] == {
        expanded("rdf:type"): {expanded("owl:NamedIndividual")},
        expanded("rdfs:label"): {"obsolete hands"},
        expanded("owl:deprecated"): {"true"},
        expanded("dcterms:isReplacedBy"): {expanded("kg:palms")},
        expanded("dcterms:modified"): {"2026-11-23"},
        expanded("jak:reason"): {"more exact"},
        expanded("jak:curator"): {"JAK-KG team"},
    }
