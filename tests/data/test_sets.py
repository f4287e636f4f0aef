"""load(): parts, their stratification and their errors; oracles: counting, the builder's bytes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from focalbook.data import DataError, Images, catalogue, load
from focalbook.data.arrays import fingerprint
from focalbook.data.sets import RECEIPT, find, read_contents
from tests.data.official import SMALL, make, publish, write

REAL = os.environ.get("FOCALBOOK_DATA")


def rows(images: Images) -> list[bytes]:
    """Label and pixels of each image, sorted."""
    flat = images.channels_first().reshape(len(images), -1)
    return sorted(bytes([int(y)]) + x.tobytes() for y, x in zip(images.labels, flat, strict=True))


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("name", SMALL)
def test_three_parts_of_the_published_two(tmp_path: Path, name: str) -> None:
    spec, files = SMALL[name], make(name)
    write(tmp_path, files)
    parts = load(name, tmp_path, validation=0.2, seed=3)
    assert np.bincount(parts.train.labels).tolist() == [8] * spec.classes
    assert np.bincount(parts.validation.labels).tolist() == [2] * spec.classes
    assert np.bincount(parts.test.labels).tolist() == [spec.test] * spec.classes
    contents = read_contents(spec, tmp_path)
    published = contents.train.images(spec, "all")
    assert sorted(rows(parts.train) + rows(parts.validation)) == rows(published)
    assert sorted(bytes(record) for record in contents.train.records) == rows(published)
    assert parts.class_names == contents.class_names
    for part, label in ((parts.train, "train"), (parts.validation, "validation"), (parts.test, "test")):
        origin = part.provenance
        assert origin.name == f"{name}/{label}"
        assert origin.sha256 == fingerprint(part.images, part.labels)
        assert (origin.n, origin.shape) == (len(part), part.images.shape[1:])
        assert part.levels == 255


@pytest.mark.usefixtures("small")
def test_the_split_depends_on_the_seed_and_not_on_the_order_of_the_files(tmp_path: Path) -> None:
    files = make("cifar100")
    write(tmp_path / "a", files)
    row = np.frombuffer(files["train.bin"], np.uint8).reshape(50, 62)
    shuffled = row[np.random.default_rng(5).permutation(50)].tobytes()
    write(tmp_path / "b", files | {"train.bin": shuffled})
    first, again = (load("cifar100", tmp_path / "a", validation=0.3, seed=1) for _ in range(2))
    other_order = load("cifar100", tmp_path / "b", validation=0.3, seed=1)
    other_seed = load("cifar100", tmp_path / "a", validation=0.3, seed=2)
    assert first.train.provenance == again.train.provenance == other_order.train.provenance
    assert first.validation.provenance == other_order.validation.provenance
    assert first.validation.provenance != other_seed.validation.provenance
    assert first.test.provenance == other_seed.test.provenance


@pytest.mark.usefixtures("small")
def test_an_archive_is_read_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = make("cifar10")
    spec, offered = publish("cifar10", files)
    monkeypatch.setitem(catalogue.CATALOGUE, "cifar10", spec)
    write(tmp_path / "packed", offered)
    write(tmp_path / "plain", files)
    packed, plain = (load("cifar10", tmp_path / kind) for kind in ("packed", "plain"))
    assert packed.train.provenance == plain.train.provenance
    assert read_contents(spec, find(spec, tmp_path / "packed")).compared == "published"
    assert read_contents(spec, find(spec, tmp_path / "plain")).compared == "nothing"


def test_digits_keep_their_frozen_test_part() -> None:
    from focalbook.data import load_digits

    parts, whole = load("digits", validation=0.1, seed=7), load_digits()
    assert parts.test.provenance == whole.test.provenance
    assert sorted(rows(parts.train) + rows(parts.validation)) == rows(whole.train)
    assert parts.train.provenance.name == "digits/train"
    assert parts.validation.provenance.name == "digits/validation"
    assert len(load("digits", validation=0.0).train) == 1258


def test_no_validation_part_is_an_empty_one() -> None:
    parts = load("digits", validation=0.0)
    assert len(parts.validation) == 0
    assert parts.validation.images.shape == (0, 8, 8)


@pytest.mark.parametrize("share", [-0.1, 1.0, float("nan")])
def test_a_share_outside_the_interval_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="validation must be a share"):
        load("digits", validation=share)


def test_a_negative_seed_is_refused() -> None:
    with pytest.raises(ValueError, match="seed must be at least 0"):
        load("digits", seed=-1)


def test_missing_data_says_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOCALBOOK_DATA", str(tmp_path))
    with pytest.raises(
        DataError, match=r"CIFAR-100 is not in .*: get it with 'focalbook data fetch cifar100'$"
    ):
        load("cifar100")
    with pytest.raises(DataError, match=r"'focalbook data fetch cifar10 --folder '/a b''$"):
        load("cifar10", "/a b")


@pytest.mark.usefixtures("small")
def test_content_that_is_known_is_compared(tmp_path: Path) -> None:
    """One flipped bit of one image: sizes and counts cannot see it, the sums noted at the fetch do."""
    files, spec = make("cifar10"), SMALL["cifar10"]
    write(tmp_path, files)
    contents = read_contents(spec, tmp_path)
    noted = {"train": contents.train.content, "test": contents.test.content}
    (tmp_path / RECEIPT).write_text(json.dumps(noted))
    assert read_contents(spec, tmp_path).compared == "receipt"
    damaged = bytearray(files["test_batch.bin"])
    damaged[-1] ^= 1
    (tmp_path / "test_batch.bin").write_bytes(damaged)
    with pytest.raises(DataError, match=r"test_batch\.bin: the content has SHA-256 [0-9a-f]{64}, expected"):
        load("cifar10", tmp_path)
    (tmp_path / RECEIPT).write_text("{")
    with pytest.raises(DataError, match="expected the content sums of CIFAR-10: remove it"):
        load("cifar10", tmp_path)


def test_torch_is_not_loaded() -> None:
    code = (
        "import sys, focalbook.data; focalbook.data.load('digits'); print('torch' in sys.modules)\n"
        "focalbook.data.Batches; print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
    import focalbook.data

    assert {"Batches", "mixup", "load"} <= set(dir(focalbook.data))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        focalbook.data.nothing  # noqa: B018


@pytest.mark.skipif(not REAL, reason="FOCALBOOK_DATA does not point to the data")
def test_the_real_cifar_100() -> None:
    """Oracle: the means and deviations that are commonly printed for its training part."""
    from focalbook.data import statistics

    try:
        parts = load("cifar100")
    except DataError as error:
        pytest.skip(str(error))
    assert np.bincount(parts.train.labels).tolist() == [450] * 100
    assert np.bincount(parts.validation.labels).tolist() == [50] * 100
    assert np.bincount(parts.test.labels).tolist() == [100] * 100
    assert parts.class_names[:2] == ("apple", "aquarium_fish")
    mean, std = statistics(load("cifar100", validation=0.0).train)
    assert np.allclose(mean, [0.5071, 0.4865, 0.4409], atol=6e-5)
    assert np.allclose(std, [0.2673, 0.2564, 0.2762], atol=6e-5)
