"""The blockade calculus (section 5 of the design), pure: no file, no RDF."""
