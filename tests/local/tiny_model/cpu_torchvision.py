"""Lets the torchvision of PyPI, built for CUDA, be imported beside a torch for the CPU. For this test environment only.

Its compiled library cannot load there. Two things then break: fakes are registered for operators that do not exist, and
there is nothing to decode images with. So the operators are declared, and Pillow decodes. `make test-local` lays this
file into site-packages with a `.pth` file that imports it.
"""

import importlib.abc
import importlib.machinery
import sys

OPERATORS = ("nms", "qnms")
_libraries = []


def _declare_operators():
    import torch

    if torch.version.cuda is None and not _libraries:
        library = torch.library.Library("torchvision", "DEF")
        for name in OPERATORS:
            library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        _libraries.append(library)  # what it declares goes with it


def _decode_image(input, mode="RGB", apply_exif_orientation=False):
    import io
    from pathlib import Path

    from PIL import Image, ImageOps
    from torchvision.transforms.functional import pil_to_tensor

    image = Image.open(input if isinstance(input, str | Path) else io.BytesIO(bytes(input.numpy())))
    if apply_exif_orientation:
        image = ImageOps.exif_transpose(image)
    return pil_to_tensor(image.convert("RGB"))


class _Loader(importlib.abc.Loader):
    def __init__(self, loader):
        self._loader = loader

    def __getattr__(self, name):
        return getattr(self._loader, name)

    def create_module(self, spec):
        return self._loader.create_module(spec)

    def exec_module(self, module):
        _declare_operators()
        self._loader.exec_module(module)
        if not module.io.image._has_image_ops():
            module.io.image.decode_image = module.io.decode_image = _decode_image


class _Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name != "torchvision":
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader)
        return spec


sys.meta_path.insert(0, _Finder())
