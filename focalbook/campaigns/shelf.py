"""The folder of a campaign's records while it is being filled, by one process or by several at once.

A run that somebody carries out is locked, and the lock ends with its process. What a killed process left
behind is either whole, and then it is taken over, or only a part, and then it is removed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from focalbook.campaigns.archive import keep
from focalbook.io.lock import locked
from focalbook.io.manifest import LOCKS, read_manifest, update_manifest
from focalbook.store import Record, RecordError, read_record

__all__ = ["Shelf"]


class Shelf:
    """Records of one campaign.

    Parameters
    ----------
    results : Path
        Folder with the manifest.
    campaign : str
        Name of the campaign, and of its folder below `results`.

    Raises
    ------
    RecordError
        `results` is not a folder.
    """

    def __init__(self, results: Path, campaign: str) -> None:
        if not results.is_dir():
            raise RecordError(f"{results} is not a folder: create it, or name another.")
        self.results, self.campaign = results, campaign
        self.folder = results / campaign

    def done(self) -> set[str]:
        """Ids of the records that are there."""
        return {path.stem for path in self.folder.glob("[0-9a-f]*.json")}

    def claim(self, run: str, wait: bool = False) -> AbstractContextManager[bool]:
        """Lock a run for the time of a ``with`` block; the block is told whether it has it."""
        return locked(self.results / LOCKS / self.campaign / run, wait=wait)

    def put(self, record: Record) -> Path:
        """Write a record, whole or not at all, and enter it in the manifest."""
        return keep([record], self.results)[0]

    def records(self) -> Iterator[Record]:
        """All records without their arrays, in the order of their names.

        Raises
        ------
        RecordError
            A damaged record.
        """
        for run in sorted(self.done()):
            yield read_record(self.folder / f"{run}.json", arrays=False)

    def tidy(self) -> list[str]:
        """Take over whole records that the manifest lacks, remove what killed processes left half-written.

        Files of a run that somebody is carrying out are not touched.

        Returns
        -------
        list of str
            One line for each thing done.

        Raises
        ------
        RecordError
            A damaged record; nothing is removed or overwritten then.
        """
        if not self.folder.is_dir():
            return []
        said, done = [], self.done()
        known = {name for name in read_manifest(self.results) if name.startswith(f"{self.campaign}/")}
        for run in sorted(done):
            names = self._names(run)
            if not names <= known:
                read_record(self.folder / f"{run}.json")
                update_manifest(self.results, *sorted(names))
                said.append(f"took over {run}, which a killed process had finished")
        for path in sorted(self.folder.iterdir()):
            run = path.name.removeprefix(".").split(".")[0]
            if path.suffix == ".part" or (path.suffix == ".npz" and run not in done):
                with self.claim(run) as free:
                    if free and path.exists() and (path.suffix == ".part" or run not in self.done()):
                        path.unlink()
                        said.append(f"removed {path.name}, which a killed process left unfinished")
        return said

    def _names(self, run: str) -> set[str]:
        endings = (".json", ".npz") if (self.folder / f"{run}.npz").exists() else (".json",)
        return {f"{self.campaign}/{run}{ending}" for ending in endings}
