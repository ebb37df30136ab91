"""What a domain expert would try: each trap of the team's list has a test that names it, or a reason why it has none.

The traps that ``kg ask`` answers are in test_answer.py, those of its input in test_profile.py; the rest are here.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from kg.answers import cell_assays, explanation
from kg.answers import outcomes as ledger
from kg.cli import main
from kg.facts import dataset
from kg.facts.reports import Outcome, Therapy
from kg.model.vocabulary import PREFIXES, THING, jak
from kg.profiles import profile
from kg.rdf.store import folder
from kg.sparql.graph import OpenGraph
from kg.sparql.rows import Row

NOT_APPLICABLE = {
    "T21": "exposure to a drug is not modelled, so no unbound fraction is applied to anything",
    "T22": "exposure to a drug is not modelled, so no average hides a trough",
}
ELSEWHERE = {
    "T05": "test_profile.py",  # two comparators in one profile are refused
    "T44": "test_profile.py",  # similar names are grounded or refused
    "T45": "test_profile.py",  # Greek and soft hyphens
}


def test_every_trap_has_a_test_or_a_reason(shared: Path) -> None:
    files = {file.name: file for file in Path(__file__).parent.parent.rglob("test_*.py")}
    with (shared / "curation" / "traps.tsv").open(newline="") as table:
        traps = {row["id"] for row in csv.DictReader(table, delimiter="\t")}
    named = set(NOT_APPLICABLE) | set(ELSEWHERE)
    for file in ("test_traps.py", "test_answer.py"):
        for name in re.findall(r"def test_((?:t\d\d_)+)", files[file].read_text(encoding="utf-8")):
            named |= {part.upper() for part in name.strip("_").split("_")}
    assert traps - named == set()
    for trap, file in ELSEWHERE.items():
        assert file in files, trap


@pytest.fixture(scope="module")
def found() -> dataset.Facts:
    return dataset.read(folder("ontology") / "facts")


def measured(graph: OpenGraph, case: str = "khurana-2025-1") -> dict[str, Row]:
    return {row["cytokine"]: row for row in graph.rows("measurements_of_case", case=case)}


def test_t02_t03_t04_ratios_and_both_calls(graph: OpenGraph) -> None:
    signals = {s.cytokine: s for s in profile.of_case(graph, "khurana-2025-1").signals}
    assert signals["il21"].ratio == Decimal("2.33")
    assert (signals["ifng"].log2 or 0) < -3.6
    assert signals["ifng"].direction() == "lowered"
    assert (signals["il15"].reported, signals["il15"].direction()) == ("lowered", "unchanged")


def test_t07_t08_a_transcript_of_one_sample_is_said_to_be_one(graph: OpenGraph) -> None:
    for row in measured(graph).values():
        assert (row["analyte"], row["samples"]) == ("mRNA", "1")
    text = " ".join(explanation.sentences(explanation.explain(graph, "khurana-2025-1", "baricitinib")))
    assert "mRNA, samples: 1" in text


def test_t09_the_hypothesis_stands_against_its_only_case(graph: OpenGraph) -> None:
    (low_ifng,) = [h for h in ledger.hypotheses(graph) if h.name.endswith("predicts-poor-response-to-baricitinib")]
    assert (low_ifng.cases_for, low_ifng.cases_against) == ((), ("khurana-2025-1",))
    assert low_ifng.reason


def test_t12_ranks_in_cells_are_held_against_the_calculus_and_counted(
    graph: OpenGraph, capsys: pytest.CaptureFixture[str]
) -> None:
    found = cell_assays.findings(graph, graph.mechanism)
    counted = Counter(finding.agreement for finding in found if finding.other and not finding.repeated)
    assert sum(counted.values()) > 10
    first = next(
        f for f in found if (f.drug, f.cytokine, f.says) == ("tofacitinib", "il21", "more potent than baricitinib")
    )
    assert first.agreement == "agrees"
    assert main.main(["ledger"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert f"{counted['agrees']} agree, {counted['contradicts']} contradict" in out


def test_t14_two_panels_give_opposite_orders(graph: OpenGraph) -> None:
    rows = [row for row in graph.rows("potency_of_inhibitors") if row["inhibitor"] == "tofacitinib"]
    kd = {row["kinase"]: row["high"] for row in rows if row["measure"] == "Kd" and row["domain"] == "JH1"}
    panel = {r["measurement"] for r in graph.rows("sources_of_potency") if r["identifier"] == "PMID:24417533"}
    ic50 = {row["kinase"]: row["high"] for row in rows if row["measurement"] in panel}
    assert kd["jak3"] < kd["jak1"]
    assert ic50["jak1"] < ic50["jak3"]


def test_t18_t19_t20_how_a_drug_binds_and_what_to_know_of_it(graph: OpenGraph) -> None:
    rows = {row["inhibitor"]: row for row in graph.rows("inhibitors")}
    modes = {name: row["mode"] for name, row in rows.items()}
    assert modes["ropsacitinib"] == modes["brepocitinib"] == "AtpCompetitive"
    assert modes["zasocitinib"] == modes["deucravacitinib"] == "AllostericJh2"
    assert modes["ritlecitinib"] == "Covalent"
    assert "depends on time" in rows["ritlecitinib"]["note"]
    assert "different ATP" in rows["ritlecitinib"]["note"]
    for drug in ("filgotinib", "abrocitinib", "ruxolitinib", "deucravacitinib"):
        assert "metabolite" in rows[drug]["note"]


def test_t23_t24_route_and_dose_belong_to_the_therapy(graph: OpenGraph, found: dataset.Facts) -> None:
    therapies = {case.id: case.therapy for report in found.cases for case in report.case}
    assert {t.route for t in therapies["durgin-2020-1"]} == {"topical"}
    assert all(
        "put on the skin" in e.reason or not e.measured for e in ledger.entries(graph) if e.case == "durgin-2020-1"
    )
    doses = {text(t.dose) for case, ts in therapies.items() if case.startswith("yunoki") for t in ts}
    assert doses == {"2 mg"}


def text(amount: object) -> str:
    return str(getattr(amount, "text", amount))


def outcomes_of(therapy: Therapy) -> tuple[Outcome, ...]:
    return therapy.outcome if isinstance(therapy.outcome, tuple) else ()


def disagreements(graph: OpenGraph) -> str:
    return " ".join(str(value) for row in graph.rows("disagreements") for value in row.values())


def test_t25_t26_figure_and_text_against_the_table(graph: OpenGraph) -> None:
    outcomes = graph.rows("outcomes_of_case", case="khurana-2025-1")
    skin = [o for o in outcomes if o["conditionLabel"] == "granuloma annulare"]
    assert {o["site"]: o["percent"] for o in skin if o["site"]} == {"hands": 100, "feet": 90}
    kinds = graph.rows("disease_of_case", case="khurana-2025-3")
    assert "PapularGranulomaAnnulare" in {row["subtype"] for row in kinds}
    said = disagreements(graph)
    assert "Figure 1" in said
    assert "one patient" in said


def test_t27_nodules_are_no_granuloma_annulare(graph: OpenGraph) -> None:
    (entry,) = [e for e in ledger.entries(graph) if e.case == "khurana-2025-1"]
    assert [grade for grade, _ in entry.happened] == ["nearly complete", "complete"]
    assert entry.weeks == "14 weeks"


def test_t29_t30_relapse_is_censored_or_followed_up(graph: OpenGraph) -> None:
    relapse = {entry.case: entry.relapse for entry in ledger.entries(graph)}
    assert relapse["kim-2023-2"] == "not applicable"
    assert relapse["jadoul-2023-1"] == "none in 8 months post-treatment"


def test_t32_t33_secondary_reports_add_no_patient_and_pooled_effects_no_outcome(found: dataset.Facts) -> None:
    kinds = {row.id: row.kind for row in found.references}
    secondary = {link.reference for link in found.reference_links if link.relation == "repeats"}
    reports = {report.reference for report in found.cases if report.case}
    assert {name for name in secondary if kinds[name] in ("review", "conference report")} & reports == set()
    (damsky,) = [case for report in found.cases for case in report.case if case.id == "damsky-2020-ga"]
    assert all(outcome.percent is None for therapy in damsky.therapy for outcome in outcomes_of(therapy))


def test_t34_words_as_printed_are_kept_and_the_rule_is_written_down(graph: OpenGraph, found: dataset.Facts) -> None:
    outcomes = [o for r in found.cases for c in r.case for t in c.therapy for o in outcomes_of(t)]
    assert outcomes
    assert all(outcome.quote for outcome in outcomes)
    definition = NamedNode(PREFIXES["skos"] + "definition")
    for grade in ("Complete", "NearlyComplete", "Marked", "Partial", "ImprovementUngraded", "NoResponse"):
        (quad,) = graph.store.quads_for_pattern(NamedNode(getattr(jak, grade)), definition, None, None)
        assert "Printed as" in str(quad.object)


def test_t36_drugs_are_applied_never_shown_to_treat(graph: OpenGraph) -> None:
    predicates = {str(quad.predicate) for quad in graph.store}
    assert f"<{jak.appliedToTreat}>" in predicates
    assert not [p for p in predicates if re.search(r"#(treats|cures|isEffective)", p)]


def test_t38_t39_units_and_moments_are_kept(found: dataset.Facts) -> None:
    times = {text(o.time): o for r in found.cases for c in r.case for t in c.therapy for o in outcomes_of(t)}
    assert {"14 weeks", "5 months"} <= times.keys()
    assert getattr(times["5 months"].time, "unit", None) == "month"
    (first,) = [case for report in found.cases for case in report.case if case.id == "khurana-2025-1"]
    (therapy,) = first.therapy
    assert {o.event for o in outcomes_of(therapy)} == {"first-response", "response-at-assessment"}
    assert (therapy.stopped, text(therapy.duration)) == ("yes", "14 weeks")


def ids(rows: Iterable[object]) -> set[str]:
    return {str(getattr(row, "id", "")) for row in rows}


def test_t40_t41_one_thing_one_node_one_role(found: dataset.Facts) -> None:
    treatments = ids(found.treatments)
    assert "interferon-gamma-treatment" in treatments
    assert "ifng" in ids(found.ligands)
    assert "nicotinamide" in treatments
    assert not {"niacinamide", "ciclosporin", "cyclosporine"} & treatments
    xrefs = {row.id: row.xrefs for row in found.treatments}
    assert "CHEBI:17154" in xrefs["nicotinamide"]
    assert "CHEBI:4031" in xrefs["cyclosporin-a"]


def test_t43_ifn_alpha_is_a_family_and_two_genes_give_one_protein(found: dataset.Facts) -> None:
    ligands = {row.id: row for row in found.ligands}
    assert ligands["ifna"].kind == "family"
    assert len(ligands["ifna"].members) == 13
    for gene in ("ifna1", "ifna13"):
        assert "uniprot:P01562" in ligands[gene].xrefs


def test_t44_tyk2_is_not_ptk2b(found: dataset.Facts) -> None:
    (tyk2,) = [row for row in found.kinases if row.id == "tyk2"]
    assert {"hgnc:12440", "uniprot:P29597"} <= set(tyk2.xrefs)
    assert not {"hgnc:9612", "uniprot:Q14289"} & set(tyk2.xrefs)


def test_t48_the_species_is_on_the_evidence(graph: OpenGraph, found: dataset.Facts) -> None:
    rows = graph.rows("evidence_that_receptor_needs_kinase", receptor="ifng-receptor")
    species = {row["citation"]: row["species"] for row in rows if row["kinase"] == "tyk2"}
    assert species["Kreins 2015, J Exp Med"] == "human"
    assert species["Karaghiosoff 2000, Immunity"] == "mouse"
    assert {row.id for row in found.inhibitors if row.intended_species == "dog"} == {"oclacitinib", "ilunocitinib"}


def test_t49_t50_salts_isotopes_and_codes(graph: OpenGraph, found: dataset.Facts) -> None:
    xrefs = {row.id: set(row.xrefs) for row in found.inhibitors}
    assert not {"CHEBI:71197", "chembl.compound:CHEMBL2103743", "CHEBI:66917"} & set().union(*xrefs.values())
    assert "deuruxolitinib" in xrefs
    assert not xrefs["deuruxolitinib"] & xrefs["ruxolitinib"]
    assert "atc:L04AF05" in xrefs["itacitinib"]
    assert "itacitinib" not in {row["inhibitor"] for row in graph.rows("approvals_of_inhibitors")}
    assert {"atc:L01EJ01", "atc:D11AH09"} <= xrefs["ruxolitinib"]


def test_t51_codes_that_disagree_keep_their_sources(graph: OpenGraph) -> None:
    said = disagreements(graph)
    for code in ("200953005", "65508009", "L94.6", "L92.0"):
        assert code in said


def test_t52_subtypes_are_two_axes_of_our_own(graph: OpenGraph) -> None:
    kinds = {row["subtype"] for row in graph.rows("disease_of_case", case="kim-2023-1")}
    assert kinds == {f"{axis}GranulomaAnnulare" for axis in ("Generalised", "Papular", "Plaque")}


def test_t53_what_was_not_found_is_said(found: dataset.Facts) -> None:
    (statement,) = [
        s
        for report in found.cases
        for s in report.statement
        if (s.about, s.relation, s.stance) == ("ifng", "raised-in", "inconclusive")
    ]
    assert statement.quote == "we did not find significantly high IFN-γ activity"
    assert statement.note


def test_t56_where_it_was_read_is_never_empty(graph: OpenGraph, found: dataset.Facts) -> None:
    assert all(row.obtained_from for row in found.potency)
    roles: dict[str, set[str]] = {}
    for row in graph.rows("sources_of_potency"):
        roles.setdefault(row["measurement"], set()).add(row["role"])
    bounds = {row["measurement"] for row in graph.rows("potency_of_inhibitors") if row["derived"]}
    assert bounds < roles.keys()
    assert len(roles) == len(found.potency) + len(bounds)
    assert all("obtained from" in said for said in roles.values())


def test_t57_makers_are_named(graph: OpenGraph, found: dataset.Facts) -> None:
    funders = {row.id: row.funder for row in found.references if row.funder}
    assert "traves-2021" in funders
    node = NamedNode(THING + "ref-traves-2021")
    assert list(graph.store.quads_for_pattern(node, NamedNode(jak.funder), None, None))
