"""Reading files and changing rates."""

from __future__ import annotations

import io
import wave

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach.errors import SoundError
from voicecoach.model.clip import Clip
from voicecoach.sound.files import read_sound
from voicecoach.sound.resample import resample
from voicecoach.sound.tone import sine


@pytest.mark.parametrize("suffix", ["wav", "aiff", "flac", "ogg"])
@pytest.mark.parametrize("channels", [1, 2])
def test_formats(tmp_path, suffix, channels):
    path = tmp_path / f"x.{suffix}"
    samples = np.repeat(sine(440, 2205, 22_050, level=0.5), channels, axis=1)
    soundfile.write(path, samples, 22_050)
    for source in (path, io.BytesIO(path.read_bytes())):
        clip = read_sound(source)
        assert clip.rate_hz == 22_050
        assert clip.samples.shape == samples.shape
        assert clip.samples.dtype == np.float32
        assert np.abs(clip.samples - samples).max() < 0.02


def test_a_wav_of_unknown_length():
    raw = io.BytesIO()
    with wave.open(raw, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(24_000)
        file.writeframes(np.arange(1000, dtype="<i2").tobytes())
    data = bytearray(raw.getvalue())
    data[4:8] = data[40:44] = b"\xff\xff\xff\xff"  # as servers stream it
    assert read_sound(io.BytesIO(bytes(data))).frames == 1000


def test_faults(tmp_path):
    with pytest.raises(SoundError, match="there is no sound file"):
        read_sound(tmp_path / "none.wav")
    with pytest.raises(SoundError, match="there is no sound file"):
        read_sound(tmp_path)
    (tmp_path / "x.wav").write_text("no sound")
    with pytest.raises(SoundError, match="cannot read"):
        read_sound(tmp_path / "x.wav")
    with pytest.raises(SoundError, match="cannot read"):
        read_sound(io.BytesIO(b""))
    soundfile.write(tmp_path / "nan.wav", np.array([0.0, np.nan], np.float32), 8000, subtype="FLOAT")
    with pytest.raises(SoundError, match="no numbers"):
        read_sound(tmp_path / "nan.wav")


@settings(deadline=None)
@given(
    frames=st.integers(0, 5000),
    channels=st.integers(1, 2),
    from_hz=st.sampled_from([8000, 11_025, 16_000, 22_050, 24_000, 44_100, 48_000, 96_000]),
)
def test_resampled_length_is_exact(frames, channels, from_hz):
    clip = Clip(np.zeros((frames, channels), np.float32), from_hz)
    made = resample(clip)
    assert made.rate_hz == 48_000
    assert made.samples.shape == ((frames * 48_000 * 2 + from_hz) // (2 * from_hz), channels)
    assert made.samples.dtype == np.float32


def test_resampling_is_faithful():
    made = resample(Clip(sine(1000, 22_050, 22_050, level=0.5), 22_050)).samples
    wanted = sine(1000, 48_000, 48_000, level=0.5)
    assert np.abs(made - wanted)[1000:-1000].max() < 1e-4


def test_nothing_to_do():
    clip = Clip(sine(1000, 480, 48_000), 48_000)
    assert resample(clip) is clip
