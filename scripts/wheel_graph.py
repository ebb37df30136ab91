"""Build hook of the wheel: the installed package carries the graph built, so that the first question needs no build."""

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class WheelGraph(BuildHookInterface):  # type: ignore[type-arg, misc, unused-ignore]
    """Builds the graph from the facts into the wheel; an editable install builds it at the first question."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the built graph to the files of the wheel."""
        if version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root))
        from kg.facts import dataset
        from kg.model.files import save
        from kg.rdf import builder, store
        from kg.sparql import kept_answers

        ontology = root / "ontology"
        built = builder.build(dataset.read(ontology / "facts"), ontology / "jak-kg.ttl")
        self.folder = tempfile.TemporaryDirectory()
        graph = builder.ntriples(built)
        answers = kept_answers.content(store.parse(graph), kept_answers.name_of(graph.splitlines()[0]))
        for name, data in (("jak-kg.nt", graph), ("answers.jsonl", answers)):
            file = Path(self.folder.name) / name
            save(data, file)
            build_data["force_include"][str(file)] = f"kg/built/{name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Delete the graph that is in the wheel by now: what is left in the folder of the wheel would be uploaded."""
        if version != "editable":
            self.folder.cleanup()
