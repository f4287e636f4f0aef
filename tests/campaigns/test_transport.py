"""Records carried from one machine to another. Oracles: the folders themselves, archives damaged by hand."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from focalbook.campaigns.archive import stored
from focalbook.campaigns.runner import run_campaign
from focalbook.campaigns.status import verify
from focalbook.campaigns.transport import merge, pack
from focalbook.io.manifest import update_manifest
from focalbook.store import RecordError

from .rehearse import plan


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path, Path]:
    """Results of two machines, which have one run in common, and an archive of the second."""
    here, there = tmp_path / "here", tmp_path / "there"
    for folder in (here, there):
        folder.mkdir()
    run_campaign(plan(3), here)
    run_campaign(plan(5), there, limit=4)
    for run in plan(2).runs:
        for ending in ("json", "npz"):
            (there / "trial" / f"{run.id}.{ending}").unlink()
    archive = tmp_path / "records.zip"
    assert pack([there / "trial"], archive) == 2
    return here, there, archive


def test_merging(two: tuple[Path, Path, Path]) -> None:
    """The run that both have was made at another time there: it is a conflict, and nothing happens to it."""
    here, _, archive = two
    common, new = plan(4).runs[2].id, plan(4).runs[3].id
    path = here / "trial" / f"{common}.json"
    content = json.loads(path.read_text())
    content["seconds"] += 1.0
    path.write_text(json.dumps(content))
    update_manifest(here, f"trial/{common}.json")
    before = path.read_bytes()
    outcome = merge(archive, here)
    assert outcome.added == [f"trial/{new}"]
    assert outcome.conflicts == [f"trial/{common}"]
    assert path.read_bytes() == before
    assert verify("trial", here) == {}
    replaced = merge(archive, here, replace=True)
    assert replaced.present == [f"trial/{new}"]
    assert replaced.replaced == [f"trial/{common}"]
    assert path.read_bytes() != before
    assert verify("trial", here) == {}
    assert len(stored("trial", here)) == 4


def test_merging_again_changes_nothing(two: tuple[Path, Path, Path], tmp_path: Path) -> None:
    _, there, archive = two
    empty = tmp_path / "empty"
    empty.mkdir()
    assert len(merge(archive, empty).added) == 2
    again = merge(archive, empty)
    assert len(again.present) == 2
    assert not again.conflicts
    assert {p.name: p.read_bytes() for p in (empty / "trial").iterdir()} == {
        p.name: p.read_bytes() for p in (there / "trial").iterdir()
    }


def test_equal_records_give_equal_archives(two: tuple[Path, Path, Path], tmp_path: Path) -> None:
    _, there, archive = two
    pack([there / "trial"], tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == archive.read_bytes()


def test_a_truncated_archive_is_refused_at_every_length(two: tuple[Path, Path, Path], tmp_path: Path) -> None:
    here, _, archive = two
    whole, before = archive.read_bytes(), sorted(p.name for p in (here / "trial").iterdir())
    for length in range(0, len(whole) - 1, 97):
        part = tmp_path / "part.zip"
        part.write_bytes(whole[:length])
        with pytest.raises(RecordError, match=r"part\.zip"):
            merge(part, here)
    assert sorted(p.name for p in (here / "trial").iterdir()) == before


def test_flipped_bytes_are_noticed(two: tuple[Path, Path, Path], tmp_path: Path) -> None:
    """Whatever byte is changed, the archive is refused or gives exactly the records that were packed."""
    _, there, archive = two
    whole = bytearray(archive.read_bytes())
    packed = {p.name: p.read_bytes() for p in (there / "trial").iterdir()}
    refused = 0
    for place in range(11, len(whole), 61):
        damaged, results = bytearray(whole), tmp_path / f"at{place}"
        damaged[place] ^= 0x55
        results.mkdir()
        part = tmp_path / "damaged.zip"
        part.write_bytes(damaged)
        try:
            merge(part, results)
        except RecordError:
            refused += 1
            assert not (results / "trial").exists()
            continue
        assert {p.name: p.read_bytes() for p in (results / "trial").iterdir()} == packed
    assert refused > 10


@pytest.mark.parametrize(
    "name", ["../escape.json", "trial/x.json", "/etc/0123456789abcdef.json", "trial/notes.txt"]
)
def test_other_files_are_refused(tmp_path: Path, name: str) -> None:
    archive = tmp_path / "odd.zip"
    with zipfile.ZipFile(archive, "w") as out:
        out.writestr(name, "{}")
    with pytest.raises(RecordError, match="is not a file of a record"):
        merge(archive, tmp_path)


def test_records_under_a_wrong_name_are_refused(two: tuple[Path, Path, Path], tmp_path: Path) -> None:
    here, _, archive = two
    for old, new in (("trial/", "other/"), (f"{plan(4).runs[3].id}.json", "0123456789abcdef.json")):
        wrong = tmp_path / "wrong.zip"
        with zipfile.ZipFile(archive) as source, zipfile.ZipFile(wrong, "w") as out:
            for entry in source.infolist():
                out.writestr(entry.filename.replace(old, new), source.read(entry))
        with pytest.raises(RecordError):
            merge(wrong, here)


def test_arrays_without_a_record_are_refused(two: tuple[Path, Path, Path], tmp_path: Path) -> None:
    here, _, archive = two
    wrong = tmp_path / "wrong.zip"
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(wrong, "w") as out:
        for entry in source.infolist():
            if entry.filename != f"trial/{plan(4).runs[3].id}.json":
                out.writestr(entry.filename, source.read(entry))
    with pytest.raises(RecordError, match="arrays without a record"):
        merge(wrong, here)
