"""Packs: ours, none, the author's own folder, and the files that steps name."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.sound.tones import tone, write_sound
from voicecoach.errors import SoundError
from voicecoach.model.routine import SoundStep
from voicecoach.sound import files
from voicecoach.sound.gain import peak_dbfs
from voicecoach.sound.matched import find
from voicecoach.sound.own_sounds import MOST_PEAK_DBFS, own_sound
from voicecoach.sound.packs import EARCON_NAMES, load_pack
from voicecoach.sound.sketch import SKETCH_FRAMES, narrowed, sketch, sketched


def silence(length_s: float, rate_hz: int = 48_000) -> np.ndarray:
    return np.zeros((round(length_s * rate_hz), 1), np.float32)


def test_none_has_no_lead_in_but_what_a_step_names():
    pack = load_pack("none", [SoundStep("bell")])
    assert pack.name == "none"
    assert set(pack.clips) == set(EARCON_NAMES) - {"lead-in"}
    assert not pack.own


def test_an_own_folder_lays_over_bells(tmp_path):
    write_sound(tmp_path / "mine" / "tick.flac", tone(0.1, pitch_hz=1200))
    write_sound(tmp_path / "mine" / "tock.wav")
    pack, bells = load_pack("mine", folder=tmp_path), load_pack()
    assert pack.name == "mine/"
    assert pack.own == {"tick"}
    assert set(pack.clips) == set(EARCON_NAMES)
    assert not np.array_equal(pack.clips["tick"].samples, bells.clips["tick"].samples)
    assert np.array_equal(pack.clips["end"].samples, bells.clips["end"].samples)
    assert pack.key("tick", 4800) != bells.key("tick", 4800)
    assert pack.key("end", 24_000) == bells.key("end", 24_000)
    assert set(pack.sketches()) == {"tick"}


def test_a_missing_folder_is_told(tmp_path):
    with pytest.raises(SoundError, match="there is no folder of sounds"):
        load_pack("mine", folder=tmp_path)


def test_of_two_files_of_one_name_the_exact_one_counts(tmp_path):
    write_sound(tmp_path / "mine" / "end.mp3", tone(0.3, pitch_hz=400))
    wav = write_sound(tmp_path / "mine" / "end.wav", tone(0.3, pitch_hz=900))
    assert np.array_equal(load_pack("mine", folder=tmp_path).clips["end"].samples, own_sound(wav).samples)


def test_files_of_steps_are_found_by_their_names(tmp_path):
    write_sound(tmp_path / "parts" / "gong.wav", tone(1.5))
    elsewhere = write_sound(tmp_path / "far" / "horn.wav", tone(0.5))
    steps = [SoundStep("parts/gong.wav"), SoundStep("bell"), SoundStep(str(elsewhere)), SoundStep("parts/gong.wav")]
    pack = load_pack(None, steps, tmp_path)
    assert pack.own == {"parts/gong.wav", "horn.wav"}, "an absolute path is nobody else's business"
    assert pack.frames["parts/gong.wav"] == pytest.approx(72_000, abs=500)


def test_two_files_of_one_name_are_refused(tmp_path):
    one, other = (write_sound(tmp_path / folder / "gong.wav") for folder in ("a", "b"))
    with pytest.raises(SoundError, match=r"two sound files are called 'gong\.wav'"):
        load_pack(None, [SoundStep(str(one)), SoundStep(str(other))], tmp_path)


@pytest.mark.parametrize(("rate_hz", "channels", "ending"), [(44_100, 2, "wav"), (8000, 1, "flac"), (48_000, 2, "ogg")])
def test_any_sound_becomes_48_khz_mono_from_its_onset(tmp_path, rate_hz, channels, ending):
    struck = tone(0.4, rate_hz=rate_hz, channels=channels)
    lead = np.zeros((rate_hz // 2, channels), np.float32)
    clip = own_sound(write_sound(tmp_path / f"x.{ending}", np.concatenate([lead, struck, lead]), rate_hz))
    assert clip.rate_hz == 48_000
    assert clip.samples.shape[1] == 1
    assert np.abs(clip.samples[:96]).max() > 0.8 * np.abs(clip.samples).max(), "it begins at its first frame"
    assert clip.samples[0] == clip.samples[-1] == 0, "without a click"
    assert abs(clip.frames - 19_200) < 1200, "what is silent behind it is left out, too"


def test_a_sound_that_is_too_loud_is_made_softer_and_a_soft_one_is_left(tmp_path):
    loud = own_sound(write_sound(tmp_path / "loud.wav", tone(0.2, level=1.0)))
    soft = own_sound(write_sound(tmp_path / "soft.wav", tone(0.2, level=0.1)))
    assert peak_dbfs(loud.samples) == pytest.approx(MOST_PEAK_DBFS, abs=0.01)
    assert peak_dbfs(soft.samples) == pytest.approx(-20, abs=0.5)


def test_silence_is_no_sound(tmp_path):
    with pytest.raises(SoundError, match="there is nothing to be heard"):
        own_sound(write_sound(tmp_path / "x.wav", silence(0.5)))
    with pytest.raises(SoundError, match="there is nothing to be heard"):
        own_sound(write_sound(tmp_path / "empty.wav", silence(0)))
    with pytest.raises(SoundError, match="there is no sound file"):
        own_sound(tmp_path / "y.wav")


def test_a_long_file_is_read_for_two_minutes(tmp_path):
    long = np.tile(tone(1, rate_hz=4000), (125, 1))
    assert own_sound(write_sound(tmp_path / "x.flac", long, 4000)).frames <= 120 * 48_000


def test_a_sound_is_as_long_as_the_timeline_has_it(tmp_path):
    write_sound(tmp_path / "mine" / "end.wav", tone(2.0))
    write_sound(tmp_path / "mine" / "in.wav", tone(0.5))
    pack = load_pack("mine", folder=tmp_path)
    cut = pack.clip("end", 30_000).samples
    assert len(cut) == 30_000
    assert cut[-1] == 0
    assert np.array_equal(cut[:29_000], pack.clips["end"].samples[:29_000])
    own_breath = pack.clip("in", 96_000).samples
    assert len(own_breath) == 96_000
    assert not own_breath[pack.frames["in"] :].any(), "one's own sound for a breath is not made longer"
    assert pack.clip("out", 96_000).samples[48_000:90_000].any(), "ours is"
    assert np.array_equal(pack.clip("out", pack.frames["out"]).samples, load_pack().clips["out"].samples)
    with pytest.raises(KeyError):
        pack.clip("gong.wav", 4800)


def test_a_format_for_ffmpeg(tmp_path, tool, monkeypatch):
    tool("ffmpeg")
    from pydub import AudioSegment

    struck = (tone(0.5)[:, 0] * 32_767).astype("<i2").tobytes()
    path = tmp_path / "gong.m4a"
    AudioSegment(struck, frame_rate=48_000, sample_width=2, channels=1).export(str(path), format="ipod").close()
    assert own_sound(path).frames == pytest.approx(24_000, abs=1200)
    assert files.stated_length_s(path) is None
    monkeypatch.setattr(files.shutil, "which", lambda _: None)
    with pytest.raises(SoundError, match="without ffmpeg") as told:
        own_sound(path)
    assert "install ffmpeg" in (told.value.hint or "")
    with pytest.raises(SoundError, match="without ffmpeg"):
        files.stated_length_s(path)


def test_what_no_program_can_read(tmp_path):
    (tmp_path / "x.wav").write_text("no sound")
    with pytest.raises(SoundError, match="as sound"):
        own_sound(tmp_path / "x.wav")


def test_nothing_is_left_behind(tmp_path, tool, monkeypatch):
    tool("ffmpeg")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    (tmp_path / "x.wav").write_text("no sound")
    with pytest.raises(SoundError):
        own_sound(tmp_path / "x.wav")
    assert not list((tmp_path / "temporary").iterdir())
    shutil.rmtree(tmp_path / "temporary")


@pytest.mark.parametrize("name", EARCON_NAMES)
def test_a_sketch_is_enough_to_know_a_sound_by(name):
    sound = load_pack("wood").clips[name].samples
    text = sketch(sound)
    assert len(text) < 3400
    known = sketched(text)[:, 0]
    assert len(known) <= SKETCH_FRAMES
    recording = np.zeros(90_000, np.float32)
    recording[10_007 : 10_007 + len(sound)] = sound[:, 0] * 0.5
    (match,) = find(narrowed(recording), known)
    assert abs(match.at - 10_007) <= 24, "half a millisecond"
    assert match.likeness > 0.95
    assert match.gain_db == pytest.approx(-6.02, abs=0.5)


@pytest.mark.parametrize("text", ["", "#", "AA==", "no sketch at all"])
def test_what_is_no_sketch_is_refused(text):
    with pytest.raises(ValueError, match="no sketch"):
        sketched(text)


def test_the_sketch_of_silence():
    assert not sketched(sketch(silence(0.1))).any()


def test_an_own_sound_is_not_read_from_elsewhere(tmp_path, monkeypatch):
    """Relative to the routine's folder, wherever the program was started."""
    write_sound(tmp_path / "routine" / "mine" / "tick.wav")
    elsewhere = Path(tmp_path / "elsewhere")
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert load_pack("mine", folder=tmp_path / "routine").own == {"tick"}
    assert soundfile.info(tmp_path / "routine" / "mine" / "tick.wav").frames == 9600
