"""Images for the experiments, with their provenance. The embedded digits need no download."""

from focalbook.data.arrays import Images, Split, stratified_split
from focalbook.data.digits import load_digits

__all__ = ["Images", "Split", "load_digits", "stratified_split"]
