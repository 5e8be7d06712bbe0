"""Read the weights of a checkpoint as numpy arrays, without torch and without running its pickle.

Three formats: safetensors (8 bytes of length, a JSON table, the raw arrays), torch's zip archive
(since 1.6), and torch's older stream of pickles, which the opus-mt models on the hub still use.
The pickles are read with an unpickler that knows tensors and nothing else.
"""

from __future__ import annotations

import collections
import io
import json
import math
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from dealfacts.errors import ModelError

Array = NDArray[Any]
Weights = dict[str, Array]

FILE_NAMES = ("model.safetensors", "pytorch_model.bin")

_SAFETENSORS = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "I64": "<i8",
    "I32": "<i4",
    "U8": "u1",
    "BF16": "bf16",
}
_STORAGES = {
    "DoubleStorage": "<f8",
    "FloatStorage": "<f4",
    "HalfStorage": "<f2",
    "BFloat16Storage": "bf16",
    "LongStorage": "<i8",
    "IntStorage": "<i4",
    "ByteStorage": "u1",
}
_MAX_HEADER = 100 * 2**20


def read_weights(folder: Path) -> Weights:
    """Read all arrays of a checkpoint folder by name.

    Raises:
        ModelError: when there is no checkpoint, or it is damaged or holds anything but tensors.
    """
    for name in FILE_NAMES:
        path = folder / name
        if path.is_file():
            try:
                return read_safetensors(path) if path.suffix == ".safetensors" else read_torch(path)
            except (
                OSError,
                ValueError,
                KeyError,
                EOFError,
                pickle.UnpicklingError,
                zipfile.BadZipFile,
            ) as error:
                raise ModelError(f"{path} cannot be read as a checkpoint: {error}") from error
    raise ModelError(f"{folder} holds no checkpoint ({' or '.join(FILE_NAMES)})")


def read_safetensors(path: Path) -> Weights:
    """Read a safetensors file; bfloat16 becomes float32."""
    raw = path.read_bytes()
    length = int.from_bytes(raw[:8], "little")
    if not 2 <= length <= min(_MAX_HEADER, len(raw) - 8):
        raise ValueError("its table is damaged")
    table = json.loads(raw[8 : 8 + length])
    data = memoryview(raw)[8 + length :]
    weights: Weights = {}
    for name, entry in table.items():
        if name == "__metadata__":
            continue
        start, end = entry["data_offsets"]
        weights[name] = _array(data[start:end], _SAFETENSORS[entry["dtype"]]).reshape(entry["shape"])
    return weights


def write_safetensors(path: Path, weights: Weights) -> None:
    """Write float32 arrays as a safetensors file."""
    table: dict[str, Any] = {}
    chunks: list[bytes] = []
    offset = 0
    for name, array in weights.items():
        chunk = np.ascontiguousarray(array, dtype="<f4").tobytes()
        table[name] = {
            "dtype": "F32",
            "shape": list(array.shape),
            "data_offsets": [offset, offset + len(chunk)],
        }
        chunks.append(chunk)
        offset += len(chunk)
    table["__metadata__"] = {"format": "pt"}
    header = json.dumps(table).encode()
    header += b" " * (-len(header) % 8)
    path.write_bytes(len(header).to_bytes(8, "little") + header + b"".join(chunks))


def read_torch(path: Path) -> Weights:
    """Read a torch checkpoint of either format."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return _read_zip(archive)
    with path.open("rb") as file:
        return _read_stream(file)


def _array(raw: memoryview | bytes, dtype: str) -> Array:
    if dtype == "bf16":
        # bfloat16 is the upper half of a float32.
        return (np.frombuffer(raw, "<u2").astype("<u4") << 16).view("<f4")
    return np.frombuffer(raw, dtype)


class _Storage:
    """A flat block of numbers that tensors are views of; filled in before or after they are made."""

    def __init__(self, dtype: str) -> None:
        self.dtype = dtype
        self.data: Array | None = None


class _Tensor:
    """What a pickled tensor says: a storage, and how to look at it."""

    def __init__(
        self, storage: _Storage, offset: int, shape: tuple[int, ...], strides: tuple[int, ...]
    ) -> None:
        self.storage, self.offset, self.shape, self.strides = storage, offset, shape, strides

    def array(self) -> Array:
        data = self.storage.data
        if data is None:
            raise ValueError("a tensor has no data")
        reach = self.offset + sum(
            (size - 1) * stride for size, stride in zip(self.shape, self.strides, strict=True)
        )
        if math.prod(self.shape) and (
            self.offset < 0 or min(self.strides, default=0) < 0 or reach >= len(data)
        ):
            raise ValueError("a tensor reaches past its data")
        strides = tuple(stride * data.itemsize for stride in self.strides)
        return np.lib.stride_tricks.as_strided(
            data[self.offset :], self.shape, strides, writeable=False
        ).copy()


def _rebuild_tensor(storage: Any, offset: int, shape: Any, strides: Any, *_: Any) -> _Tensor:
    return _Tensor(storage, offset, tuple(shape), tuple(strides))


class _Unpickler(pickle.Unpickler):
    """Builds dictionaries of tensors; any other class is refused."""

    def __init__(self, file: BinaryIO | io.BytesIO, load_storage: Callable[[Any], _Storage]) -> None:
        super().__init__(file)
        self._load_storage = load_storage

    def find_class(self, module: str, name: str) -> Any:
        """Return what stands in for a class of torch."""
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if module == "torch._utils" and name == "_rebuild_tensor_v2":
            return _rebuild_tensor
        if module == "torch._utils" and name == "_rebuild_parameter":
            return lambda tensor, *_: tensor
        if module == "torch" and name in _STORAGES:
            return _STORAGES[name]
        raise pickle.UnpicklingError(f"it holds {module}.{name}, which is no tensor")

    def persistent_load(self, pid: Any) -> _Storage:
        """Return the storage that a tensor refers to."""
        return self._load_storage(pid)


def _read_zip(archive: zipfile.ZipFile) -> Weights:
    main = next(name for name in archive.namelist() if name.endswith("/data.pkl"))
    root = main.removesuffix("data.pkl")
    storages: dict[str, _Storage] = {}

    def load(pid: Any) -> _Storage:
        _, dtype, key, *_ = pid
        if key not in storages:
            storages[key] = _Storage(dtype)
            storages[key].data = _array(archive.read(f"{root}data/{key}"), dtype)
        return storages[key]

    return _arrays(_Unpickler(io.BytesIO(archive.read(main)), load).load())


def _read_stream(file: BinaryIO) -> Weights:
    storages: dict[str, _Storage] = {}

    def load(pid: Any) -> _Storage:
        _, dtype, key, *_ = pid
        return storages.setdefault(key, _Storage(dtype))

    def refuse(_: Any) -> _Storage:
        raise pickle.UnpicklingError("a tensor stands where none can")

    for _ in range(3):  # the magic number, the protocol, the machine it was written on
        _Unpickler(file, refuse).load()
    tree = _Unpickler(file, load).load()
    for key in _Unpickler(file, refuse).load():
        count = int.from_bytes(file.read(8), "little")
        storage = storages[key]
        size = 2 if storage.dtype == "bf16" else np.dtype(storage.dtype).itemsize
        storage.data = _array(file.read(count * size), storage.dtype)
        if len(storage.data) != count:
            raise ValueError("it ends too early")
    return _arrays(tree)


def _arrays(tree: Any) -> Weights:
    if not isinstance(tree, dict):
        raise ValueError("it holds no table of tensors")
    return {name: tensor.array() for name, tensor in tree.items() if isinstance(tensor, _Tensor)}
