"""The catalogue; oracles: the sizes of the published layouts, worked out by hand."""

from __future__ import annotations

import re

import pytest

from focalbook.data.catalogue import CATALOGUE, NAMES, described
from focalbook.data.errors import DataError


def test_sizes_are_those_of_the_published_files() -> None:
    assert [(s.train * s.classes, s.test * s.classes, s.pixels) for s in CATALOGUE.values()] == [
        (60_000, 10_000, 784),
        (50_000, 10_000, 3072),
        (50_000, 10_000, 3072),
    ]
    assert [spec.labels + spec.pixels for spec in CATALOGUE.values()] == [785, 3073, 3074]
    assert CATALOGUE["cifar10"].needed[-1] == "batches.meta.txt"
    assert CATALOGUE["fashion-mnist"].needed == CATALOGUE["fashion-mnist"].files


def test_names_and_downloads_are_well_formed() -> None:
    assert NAMES == ("digits", "fashion-mnist", "cifar10", "cifar100")
    for name, spec in CATALOGUE.items():
        assert spec.name == name
        for item in spec.downloads:
            assert re.fullmatch("[0-9a-f]{32}", item.md5)
            assert re.fullmatch("[0-9a-f]{64}", item.sha256)
            assert all(url.endswith("/" + item.file) for url in item.urls)


def test_md5_sums_are_those_that_the_publishers_print() -> None:
    """Oracle: https://www.cs.toronto.edu/~kriz/cifar.html and the readme of Fashion-MNIST."""
    sums = {item.file: item.md5 for spec in CATALOGUE.values() for item in spec.downloads}
    assert sums == {
        "cifar-10-binary.tar.gz": "c32a1d4ab5d03f1284b67883e8d87530",
        "cifar-100-binary.tar.gz": "03b5dce01913d631647c71ecec9e9cb8",
        "train-images-idx3-ubyte.gz": "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
        "train-labels-idx1-ubyte.gz": "25c81989df183df01b3e8a0aad5dffbe",
        "t10k-images-idx3-ubyte.gz": "bef4ecab320f06d8554ea6380940ec79",
        "t10k-labels-idx1-ubyte.gz": "bb300cfdad3c16e7a12a480ee83cd310",
    }


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("cifar-100", "cifar100"),
        ("CIFAR10", "cifar10"),
        ("fashion_mnist", "fashion-mnist"),
        ("mnist", "fashion-mnist"),
        ("digit", "digits"),
    ],
)
def test_an_unknown_name_says_the_nearest(name: str, nearest: str) -> None:
    with pytest.raises(DataError, match=f"there is no data set '{name}': did you mean '{nearest}'"):
        described(name)


def test_a_name_near_nothing_gets_the_list() -> None:
    with pytest.raises(DataError, match="'xyzzy': known are digits, fashion-mnist, cifar10, cifar100"):
        described("xyzzy")
