"""Decode rates of pydicom, and of imagecodecs, beside `benchDecode({ files })`.

Usage: python3 decode_peers.py FILE...

One thread, each file in memory, the fastest of six decodes after one that is not counted. `mpPerS` is up to the pixel
array; `mpPerSHashed` adds SHA-256 of the file and of the pixels, which fedistl's figure contains. Prints a JSON line a file.
"""

import hashlib
import io
import json
import sys
import time
from functools import partial

import imagecodecs
import pydicom
from pydicom.encaps import generate_frames

REPEATS = 6
DIRECT = {
    "1.2.840.10008.1.2.4.51": imagecodecs.jpeg_decode,
    "1.2.840.10008.1.2.4.57": imagecodecs.ljpeg_decode,
    "1.2.840.10008.1.2.4.70": imagecodecs.ljpeg_decode,
    "1.2.840.10008.1.2.4.80": imagecodecs.jpegls_decode,
    "1.2.840.10008.1.2.4.81": imagecodecs.jpegls_decode,
    "1.2.840.10008.1.2.4.90": partial(imagecodecs.jpeg2k_decode, numthreads=1),
    "1.2.840.10008.1.2.4.91": partial(imagecodecs.jpeg2k_decode, numthreads=1),
}


def by_pydicom(data):
    return pydicom.dcmread(io.BytesIO(data)).pixel_array


def by_imagecodecs(data):
    dataset = pydicom.dcmread(io.BytesIO(data))
    frame = next(generate_frames(dataset.PixelData, number_of_frames=1))
    return DIRECT[dataset.file_meta.TransferSyntaxUID](frame)


def fastest(decode, data, hashed):
    best = float("inf")
    for repeat in range(REPEATS + 1):
        start = time.perf_counter()
        pixels = decode(data)
        if hashed:
            hashlib.sha256(data).digest()
            hashlib.sha256(pixels.tobytes()).digest()
        if repeat > 0:
            best = min(best, time.perf_counter() - start)
    return best, pixels


def rates(decode, data):
    seconds, pixels = fastest(decode, data, False)
    megapixels = pixels.size / 1e6
    return {
        "mpPerS": round(megapixels / seconds, 1),
        "mpPerSHashed": round(megapixels / fastest(decode, data, True)[0], 1),
        "sha256": hashlib.sha256(pixels.tobytes()).hexdigest()[:12],
    }


def main():
    for number, path in enumerate(sys.argv[1:]):
        with open(path, "rb") as file:
            data = file.read()
        syntax = pydicom.dcmread(io.BytesIO(data), stop_before_pixels=True).file_meta.TransferSyntaxUID
        row = {"file": number, "syntax": syntax.name}
        for name, decode in (("pydicom", by_pydicom), ("imagecodecs", by_imagecodecs)):
            if decode is by_imagecodecs and syntax not in DIRECT:
                continue
            try:
                row[name] = rates(decode, data)
            except (RuntimeError, NotImplementedError) as error:
                row[name] = f"refused: {type(error).__name__}"
        print(json.dumps(row))


main()
