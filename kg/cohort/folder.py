"""The folder of a cohort: parts written one by one, so that a killed run goes on, and what is whole says so.

While a run is under way all that it made stands in ``unfinished``; its answers get their name ``answers`` when the last
part is written, and the manifest says ``done`` when everything is there. A part counts when its counts are written.
"""

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kg.model import files, temporary
from kg.model.errors import Place, Problem, Problems
from kg.model.files import unwritable

MANIFEST: Final = "manifest.json"
NEW: Final = "name a new folder"


def printed(values: object) -> bytes:
    r"""Return values as the bytes of a JSON file.

    >>> printed({"a": 1})
    b'{\n  "a": 1\n}\n'
    """
    return (json.dumps(values, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that a cohort is written to, and what tells one run from another: input, settings and graph."""

    path: Path
    identity: Mapping[str, Any]

    @property
    def unfinished(self) -> Path:
        """Where parts are until all are there."""
        return self.path / "unfinished"

    def begin(self) -> bool:
        """Make the folder ready and return whether all is done already; Problems where it is of something else.

        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as name:
        ...     Folder(Path(name), {"graph": "a"}).begin()
        ...     Folder(Path(name), {"graph": "b"}).begin()
        Traceback (most recent call last):
            ...
        kg.Problems: ...: this folder is of another run (graph was "a", and is "b"): name a new folder
        """
        manifest = self.path / MANIFEST
        if not manifest.exists():
            with _written(self.path):
                there = sorted(one.name for one in self.path.iterdir()) if self.path.exists() else []
                if others := [name for name in there if not name.startswith(temporary.MARK)]:
                    raise Problems([Problem(Place(self.path), f"there are other files here, as {others[0]!r}", NEW)])
                self.save(MANIFEST, printed({**self.identity, "done": False}))
            return False
        try:
            found = json.loads(files.read_text(manifest))
            done = found.pop("done")
            found.pop("parts", None)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Problems([Problem(Place(manifest), "this is no manifest of a cohort", NEW)]) from None
        if other := list(_differences(found, json.loads(json.dumps(self.identity)))):
            more = f" and {len(other) - 3} more" if len(other) > 3 else ""
            what = f"this folder is of another run ({', '.join(other[:3])}{more})"
            raise Problems([Problem(Place(self.path), what, NEW)])
        return done is True

    def save(self, name: str, content: bytes) -> None:
        """Write a file of the folder, whole or not at all; Problems where it cannot be written.

        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as name:
        ...     Folder(Path(name), {}).save("a.json", b"{}")
        ...     Path(name, "a.json").read_bytes()
        b'{}'
        """
        with _written(self.path / name):
            files.save(content, self.path / name)

    def commit(self, number: int, answers: bytes, rejected: bytes, counts: Mapping[str, Any]) -> None:
        """Write a part: it counts from when its counts are there.

        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as name:
        ...     folder = Folder(Path(name), {})
        ...     folder.commit(0, b"", b"", {"end": 7})
        ...     list(folder.parts())
        [{'end': 7}]
        """
        name = f"part-{number:05}"
        self.save(f"unfinished/answers/{name}.parquet", answers)
        self.save(f"unfinished/rejected/{name}.parquet", rejected)
        self.save(f"unfinished/counts/{name}.json", json.dumps(counts, ensure_ascii=False).encode())

    def parts(self) -> Iterator[dict[str, Any]]:
        """Yield the counts of the parts that are written, in order."""
        number = 0
        while (file := self.unfinished / "counts" / f"part-{number:05}.json").exists():
            yield json.loads(files.read_text(file))
            number += 1

    def rejected(self) -> None:
        """Write the rejected rows of all parts to one file."""
        from pyarrow import parquet

        parts = sorted((self.unfinished / "rejected").glob("part-*.parquet"))
        target = self.path / "rejected.parquet"
        with _written(target), temporary.file(target, mode=0o666) as (path, stream):
            with parquet.ParquetWriter(stream, parquet.read_schema(parts[0]), compression="snappy") as writer:
                for part in parts:
                    writer.write_table(parquet.read_table(part))
            stream.close()
            path.replace(target)

    def finish(self, count: int) -> None:
        """Give the answers their name and say that all is done; files of parts that do not count are gone."""
        answers = self.path / "answers"
        with _written(answers):
            if not answers.exists():
                (self.unfinished / "answers").rename(answers)
        parts = [{"file": f"answers/part-{number:05}.parquet", **part} for number, part in enumerate(self.parts())]
        kept = [{key: part[key] for key in ("file", "rows", "patients", "sha256")} for part in parts[:count]]
        self.save(MANIFEST, printed({**self.identity, "parts": kept, "done": True}))
        shutil.rmtree(self.unfinished, ignore_errors=True)

    def clear(self) -> None:
        """Remove what a run wrote that gives no answer."""
        shutil.rmtree(self.unfinished, ignore_errors=True)
        for name in ("rejected.parquet", "codebook.json", "summary.json", "summary.html", "sample.json", MANIFEST):
            (self.path / name).unlink(missing_ok=True)
        if not any(self.path.iterdir()):
            self.path.rmdir()


@contextmanager
def _written(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Problems([unwritable(place, error, remedy="name a folder of yours")]) from None


def _differences(before: Any, now: Any, name: str = "") -> Iterator[str]:
    """Yield where two values differ."""
    if isinstance(before, dict) and isinstance(now, dict):
        for key in dict.fromkeys((*before, *now)):
            yield from _differences(before.get(key), now.get(key), f"{name} {key}".strip())
    elif before != now:
        yield f"{name} was {_short(before)}, and is {_short(now)}"


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else f"{text[:37]}..."
