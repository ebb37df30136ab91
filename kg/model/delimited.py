"""The one writer of tables with separators: CSV and TSV of exports, of answers and of the quality report."""

import csv
import io
from collections.abc import Iterable


def delimited(rows: Iterable[Iterable[str]], separator: str = "\t", *, end: str = "\n", quoted: bool = True) -> str:
    r"""Return rows as text, the header first; a cell with a separator, a quote or a line break stands in quotes.

    ``end`` ends each row. Where ``quoted`` is false no cell is changed: it must have no separator and no line break,
    else csv.Error is raised.

    >>> delimited([["drug", "note"], ["baricitinib", 'an "a", a b']], ",")
    'drug,note\nbaricitinib,"an ""a"", a b"\n'
    >>> delimited([["drug", 'an "a"']], quoted=False)
    'drug\tan "a"\n'
    """
    text = io.StringIO()
    if quoted:
        writer = csv.writer(text, delimiter=separator, lineterminator=end)
    else:
        writer = csv.writer(text, delimiter=separator, lineterminator=end, quoting=csv.QUOTE_NONE, quotechar=None)
    writer.writerows(rows)
    return text.getvalue()
