"""The child of `loudness`: reads float32 samples, writes their loudness. The only door to pyloudnorm.

It is run as a file of its own, never imported, with the sample rate and the number of channels as arguments.
"""

from __future__ import annotations

import sys

import numpy as np


def main() -> None:
    """Read samples from standard input, write LUFS to standard output."""
    import pyloudnorm

    rate_hz, channels = int(sys.argv[1]), int(sys.argv[2])
    samples = np.frombuffer(sys.stdin.buffer.read(), "<f4").reshape(-1, channels).astype(np.float64)
    sys.stdout.write(f"{float(pyloudnorm.Meter(rate_hz).integrated_loudness(samples))!r}\n")


if __name__ == "__main__":
    main()
