"""What the tests share: the shipped graph, its release, and the folder of background material where it is here.

A test without a marker is of the default tier: it needs nothing but Python and what uv.lock brings. The other tiers are
the markers of pyproject.toml: ``pytest -m conformance`` runs one.
"""

import os
from pathlib import Path
from types import SimpleNamespace

import hypothesis
import pytest
from pyoxigraph import Store
from rdflib import Graph

import kg
from kg.exports import release
from kg.facts import dataset
from kg.knowledge_graph import KnowledgeGraph
from kg.model.files import save
from kg.rdf import builder
from kg.rdf import shipped as shipped_graph
from kg.rdf import store as kg_store
from kg.sparql import built_graph as built_graphs
from kg.sparql.built_graph import BuiltGraph

ROOT = Path(__file__).parent.parent
SETTLED = {"cytokines_without_a_settled_route"}
"""Questions of what is open, which the shipped facts need not have; each has rows in the small folder."""
collect_ignore = ["kgx/validate.py"]  # runs in an environment of its own

hypothesis.settings.register_profile("same", derandomize=True, database=None, deadline=None)
hypothesis.settings.register_profile(
    "mutants",
    derandomize=True,
    database=None,
    deadline=None,
    phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
)
hypothesis.settings.load_profile(os.environ.get("JAK_KG_HYPOTHESIS", "same"))


TIERS = {
    "kg.owl.hermit": "java", "kg.owl.world": "java", "kg.knowledge_graph.KnowledgeGraph.to_owlready": "java",
    "kg.exports.release.files": "conformance", "kg.exports.glossary.files": "conformance",
    "kg.validation.check.everything": "conformance", "kg.owl.premises": "conformance",
    "kg.owl.user_data.joined": "conformance", "kg.exports.graphml.files": "conformance",
    "kg.exports.description.describe": "conformance", "kg.exports.syntaxes.files": "conformance",
    "kg.rdf.builder.build_with_places": "conformance", "kg.rdf.builder.digest": "conformance",
}  # fmt: skip
"""Module or name -> the tier of its examples: they take as long as a build or a whole release."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give examples in docstrings their tier: a docstring has no marker."""
    for item in items:
        for name, tier in TIERS.items():
            if isinstance(item, pytest.DoctestItem) and (item.name == name or item.name.startswith(f"{name}.")):
                item.add_marker(tier)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """No worker where tests are named on the command line: starting some takes longer than most files."""
    return 0 if config.args_source is pytest.Config.ArgsSource.ARGS else None


@pytest.fixture(scope="session")
def graph() -> KnowledgeGraph:
    """The shipped graph, built anew where it is not current."""
    return kg.open()


@pytest.fixture(scope="session")
def store(graph: KnowledgeGraph) -> Store:
    """The store of the shipped graph."""
    return graph.store


@pytest.fixture
def loaded_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """``kg query`` in the store of the session: to load the graph anew takes longer than most questions."""
    kept = SimpleNamespace(store=lambda file=None: shipped_graph.store(file) if file else store)
    monkeypatch.setattr("kg.cli.query.shipped", kept)


@pytest.fixture(scope="session")
def ontology() -> Path:
    """The folder ontology."""
    return kg_store.folder("ontology")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of background material; the test is skipped, and says so, where it is not here."""
    folder = Path(os.environ.get("JAK_KG_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"the background material is not at {folder}; set JAK_KG_SHARED to where it is")
    return folder


@pytest.fixture(scope="session")
def built_graph() -> BuiltGraph:
    """The graph of the shipped facts in all its forms: do not change it."""
    return built_graphs.shipped()


@pytest.fixture(scope="session")
def built(built_graph: BuiltGraph) -> Graph:
    """The shipped facts as rdflib has them: do not change it."""
    return built_graph.graph


@pytest.fixture(scope="session")
def mini(ontology: Path) -> Graph:
    """The small facts as rdflib has them: do not change it."""
    return builder.build(dataset.read(ROOT / "tests" / "mini"), ontology / "jak-kg.ttl")


@pytest.fixture(scope="session")
def asserted(built_graph: BuiltGraph) -> Graph:
    """The graph that a release of the shipped facts asserts: do not change it."""
    return built_graph.whole


@pytest.fixture(scope="session")
def shipped(built_graph: BuiltGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a release of the shipped facts, without the file of the reasoner."""
    folder = tmp_path_factory.mktemp("release")
    for name, data in release.files(built_graph, reasoner=False).items():
        save(data, folder / name)
    return folder
