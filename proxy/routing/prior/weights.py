"""The weights of the prior as a file: read, checked, and written by the training.

magic      8 bytes, which end in the version
checksum   4 bytes, CRC-32 of all that follows
counts     2 x 2 bytes: features, quantiles
names      2 bytes of length, the names of the features, one per line
numbers    8 bytes each: bias, weights, centres, quantiles
"""

import math
import struct
import zlib
from dataclasses import dataclass
from typing import Final, Self

from proxy.routing.prior.features import FEATURES

_MAGIC: Final = b"TWPRIOR1"
_HEAD: Final = struct.Struct(">8sI")
_COUNTS: Final = struct.Struct(">HHH")


class DamagedPriorError(ValueError):
    """These bytes are not the weights of this version."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Linear in the features: the bias, and each weight times how far its feature is from its centre."""

    bias: float
    """The logit of an average text, and of one that says nothing."""
    weights: tuple[float, ...]
    centres: tuple[float, ...]
    quantiles: tuple[float, ...]
    """Of the values of texts that had no part in their own judgement, from the least to the greatest."""

    @classmethod
    def read(cls, data: bytes) -> Self:
        body = _checked(data)
        try:
            features, quantiles, length = _COUNTS.unpack_from(body)
            names = body[_COUNTS.size : _COUNTS.size + length].decode()
            numbers = struct.unpack(f">{1 + 2 * features + quantiles}d", body[_COUNTS.size + length :])
        except (struct.error, UnicodeDecodeError) as error:
            raise DamagedPriorError(f"the weights of the prior do not hold together: {error}") from error
        if tuple(names.split("\n")) != FEATURES or features != len(FEATURES):
            raise DamagedPriorError("the weights of the prior belong to other features; train them anew")
        if not all(map(math.isfinite, numbers)):
            raise DamagedPriorError("a weight of the prior is not a number")
        ends = 1 + features, 1 + 2 * features
        return cls(numbers[0], numbers[1 : ends[0]], numbers[ends[0] : ends[1]], numbers[ends[1] :])

    def written(self) -> bytes:
        names = "\n".join(FEATURES).encode()
        numbers = (self.bias, *self.weights, *self.centres, *self.quantiles)
        body = _COUNTS.pack(len(FEATURES), len(self.quantiles), len(names)) + names
        body += struct.pack(f">{len(numbers)}d", *numbers)
        return _HEAD.pack(_MAGIC, zlib.crc32(body)) + body


def _checked(data: bytes) -> bytes:
    if len(data) < _HEAD.size:
        raise DamagedPriorError("the weights of the prior are cut off")
    magic, checksum = _HEAD.unpack_from(data)
    if magic != _MAGIC:
        raise DamagedPriorError("these are not the weights of this version of the prior")
    body = data[_HEAD.size :]
    if zlib.crc32(body) != checksum:
        raise DamagedPriorError("the weights of the prior were damaged: their checksum does not fit")
    return body
