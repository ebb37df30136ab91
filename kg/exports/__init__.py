"""The forms in which the graph leaves: a module each, whose ``files(graph)`` gives path in the release -> bytes.

``syntax`` (with ``sources``) writes RDF; ``kgx`` (with ``biolink``), ``tables``, ``graphml``, ``sssom``,
``phenopackets`` and ``nanopubs`` what others read; ``description``, ``glossary`` (with ``manchester``) and ``quality``
tell of the whole.
"""
