"""Ask OWLAPI whether each of the files is OWL 2 DL: python dl.py JVM JARS FILE ...

It prints JSON: for each file the number of its axioms and its violations. Nothing is loaded from anywhere else: what a
file imports is left out, so a file must declare all that it uses.
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def checked(files: Iterable[str], java: Any) -> dict[str, tuple[int, list[str]]]:
    """Return the number of axioms and the violations of each file; ``java`` gives a class of Java by its name."""
    api = "org.semanticweb.owlapi"
    profile = java(f"{api}.profiles.OWL2DLProfile")()
    found = {}
    for file in files:
        manager = java(f"{api}.apibinding.OWLManager").createOWLOntologyManager()
        settings = java(f"{api}.model.OWLOntologyLoaderConfiguration")()
        for iri in ("https://w3id.org/jak-kg/vocab", "https://w3id.org/jak-kg/definitions"):
            settings = settings.addIgnoredImport(java(f"{api}.model.IRI").create(iri))
        source = java(f"{api}.io.FileDocumentSource")(java("java.io.File")(file))
        ontology = manager.loadOntologyFromOntologyDocument(source, settings)
        violations = profile.checkOntology(ontology).getViolations()
        found[file] = int(ontology.getAxiomCount()), sorted({str(violation) for violation in violations})
    return found


if __name__ == "__main__":
    import jpype  # type: ignore[import-not-found]

    jvm, jars, *asked = sys.argv[1:]
    jpype.startJVM(jvm, "-Xmx1g", classpath=[str(jar) for jar in sorted(Path(jars).glob("*.jar"))])
    print(json.dumps(checked(asked, jpype.JClass)))
