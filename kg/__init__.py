"""JAK-KG: cytokines, receptors, Janus kinases, JAK inhibitors and granuloma annulare, with the evidence behind each.

For research; not medical advice.

>>> import kg
>>> kg.__version__
'0.1.0'
"""

__version__ = "0.1.0"
