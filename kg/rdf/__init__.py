"""From records to RDF: the graph as it is built, stored, shipped, serialised and compared."""
