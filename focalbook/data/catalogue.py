"""The data sets that can be had: where their publishers put them, and what exactly is expected there.

MD5 sums are those that the publishers print beside their files, SHA-256 sums and sizes those under which
TensorFlow Datasets has recorded the same files. `content` is the SHA-256 of the decoded images and labels,
whatever their order (:class:`~focalbook.data.records.Part`), where we have had the complete data in hand.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from focalbook.data.errors import DataError

__all__ = ["CATALOGUE", "NAMES", "DataSet", "Download", "described"]


@dataclass(frozen=True)
class Download:
    """One file of a publisher.

    Attributes
    ----------
    file : str
        Its name.
    urls : tuple of str
        Where the publisher offers it; they are tried in this order.
    size : int
        Bytes.
    md5, sha256 : str
    """

    file: str
    urls: tuple[str, ...]
    size: int
    md5: str
    sha256: str


@dataclass(frozen=True)
class DataSet:
    """A published data set.

    Attributes
    ----------
    name, title, source : str
        Name in commands, in prose, and the publication.
    kind : str
        Layout of the files: "cifar" or "idx".
    classes : int
    shape : tuple of int
        Channels, height, width.
    train, test : int
        Images of each class in the two parts.
    files : tuple of str
        The data files, in the order in which they are read.
    test_files : int
        How many of the last of `files` hold the test part.
    labels : int
        Label bytes before the pixels of a CIFAR row; the last of them is the class.
    names : str or tuple of str
        Names of the classes, or the file that holds them.
    folder : str
        Folder in which the publisher's archive puts the files; "" without an archive.
    downloads : tuple of Download
    content : tuple of str, or None
        SHA-256 of the content of train and test part.
    """

    name: str
    title: str
    source: str
    kind: str
    classes: int
    shape: tuple[int, int, int]
    train: int
    test: int
    files: tuple[str, ...]
    test_files: int
    labels: int
    names: str | tuple[str, ...]
    folder: str
    downloads: tuple[Download, ...]
    content: tuple[str, str] | None = None

    @property
    def pixels(self) -> int:
        """Bytes of one image."""
        channels, height, width = self.shape
        return channels * height * width

    @property
    def needed(self) -> tuple[str, ...]:
        """All files that are read: data and names of the classes."""
        return (*self.files, self.names) if isinstance(self.names, str) else self.files


_CIFAR = "https://www.cs.toronto.edu/~kriz/"
_KRIZHEVSKY = "Krizhevsky 2009, Learning Multiple Layers of Features from Tiny Images, binary version"
_FASHION = (
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
)


def _fashion(file: str, size: int, md5: str, sha256: str) -> Download:
    return Download(file, tuple(base + file for base in _FASHION), size, md5, sha256)


CATALOGUE = {
    "fashion-mnist": DataSet(
        name="fashion-mnist",
        title="Fashion-MNIST",
        source="Xiao, Rasul and Vollgraf 2017, Fashion-MNIST",
        kind="idx",
        classes=10,
        shape=(1, 28, 28),
        train=6000,
        test=1000,
        files=(
            "train-images-idx3-ubyte",
            "train-labels-idx1-ubyte",
            "t10k-images-idx3-ubyte",
            "t10k-labels-idx1-ubyte",
        ),
        test_files=2,
        labels=1,
        names=(
            "T-shirt/top",
            "Trouser",
            "Pullover",
            "Dress",
            "Coat",
            "Sandal",
            "Shirt",
            "Sneaker",
            "Bag",
            "Ankle boot",
        ),
        folder="",
        downloads=(
            _fashion(
                "train-images-idx3-ubyte.gz",
                26_421_880,
                "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
                "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
            ),
            _fashion(
                "train-labels-idx1-ubyte.gz",
                29_515,
                "25c81989df183df01b3e8a0aad5dffbe",
                "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
            ),
            _fashion(
                "t10k-images-idx3-ubyte.gz",
                4_422_102,
                "bef4ecab320f06d8554ea6380940ec79",
                "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
            ),
            _fashion(
                "t10k-labels-idx1-ubyte.gz",
                5_148,
                "bb300cfdad3c16e7a12a480ee83cd310",
                "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
            ),
        ),
    ),
    "cifar10": DataSet(
        name="cifar10",
        title="CIFAR-10",
        source=_KRIZHEVSKY,
        kind="cifar",
        classes=10,
        shape=(3, 32, 32),
        train=5000,
        test=1000,
        files=(*(f"data_batch_{i}.bin" for i in range(1, 6)), "test_batch.bin"),
        test_files=1,
        labels=1,
        names="batches.meta.txt",
        folder="cifar-10-batches-bin",
        downloads=(
            Download(
                "cifar-10-binary.tar.gz",
                (_CIFAR + "cifar-10-binary.tar.gz",),
                170_052_171,
                "c32a1d4ab5d03f1284b67883e8d87530",
                "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
            ),
        ),
    ),
    "cifar100": DataSet(
        name="cifar100",
        title="CIFAR-100",
        source=_KRIZHEVSKY,
        kind="cifar",
        classes=100,
        shape=(3, 32, 32),
        train=500,
        test=100,
        files=("train.bin", "test.bin"),
        test_files=1,
        labels=2,
        names="fine_label_names.txt",
        folder="cifar-100-binary",
        content=(
            "6d2a03c47c105e4c34d3a2ff16c2803e8df0e5d6fa0c631e46663a327aeac573",
            "381b7d98ce1e9b98232a8df0db0a22992654c39ff2433270656ab8ace5a45e65",
        ),
        downloads=(
            Download(
                "cifar-100-binary.tar.gz",
                (_CIFAR + "cifar-100-binary.tar.gz",),
                168_513_733,
                "03b5dce01913d631647c71ecec9e9cb8",
                "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec",
            ),
        ),
    ),
}

NAMES = ("digits", *CATALOGUE)


def described(name: str) -> DataSet:
    """The published data set of this name.

    Raises
    ------
    DataError
        There is none; the message names the nearest.
    """
    if name in CATALOGUE:
        return CATALOGUE[name]
    plain = {known.replace("-", ""): known for known in NAMES}
    near = difflib.get_close_matches(name.lower().replace("-", "").replace("_", ""), plain, 1, 0.5)
    hint = f"did you mean '{plain[near[0]]}'? " if near else ""
    raise DataError(f"there is no data set '{name}': {hint}known are {', '.join(NAMES)}")
