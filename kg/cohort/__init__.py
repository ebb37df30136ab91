"""From one patient to a registry: a table of patients in, drugs in order for each of them out, in bounded memory.

``source`` reads a table of whatever form a batch at a time, ``layout`` says what its columns are, ``survey`` looks
through it once for what stops everything, ``values`` makes numbers of its cells, ``patients``, ``wide``, ``long`` and
``blocks`` make patients of its rows, ``results`` makes the table of the answers, ``folder`` writes it so that a killed
run goes on where it was, ``counts`` and ``summary`` say what they say together. :mod:`kg.cohort.run` does all in turn.
"""
