"""Tiny voices for piper and kokoro: real files that the real code loads, a few kB each, for tests without a download.

Each symbol of the text is a short tone whose pitch is the symbol's and the speaker's; signs of punctuation are silence.
So other words give other samples, a longer text a longer sound, and a slower speed one that is longer still. As in the
true models of piper, noise is added, as much as is asked for: only without it does the same text sound the same twice.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

PIPER_RATE_HZ, KOKORO_RATE_HZ = 16_000, 24_000
PIPER_SYMBOL_S, KOKORO_SYMBOL_S = 0.035, 0.075
"""How long each symbol lasts at the model's own speed. Piper sets a blank between any two."""

_LEVEL = 0.3
_PIPER_SILENT = 14  # the first symbols of piper's table are blanks and punctuation
_KOKORO_SILENT = 17  # and so are those of kokoro's

KOKORO_STYLES = (
    "af_bella",
    "af_heart",
    "am_michael",
    "bf_emma",
    "bm_george",
    "ef_dora",
    "ff_siwis",
    "hf_alpha",
    "if_sara",
    "jf_alpha",
    "pf_dora",
    "zf_xiaobei",
)


def write_piper_voice(folder: Path, name: str = "en_US-tiny-low", speakers: int = 1) -> Path:
    """Write ``NAME.onnx`` and ``NAME.onnx.json``; the language is the name's, speakers are called ``one``, ``two`` …

    Returns
    -------
    Path
        The model's.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.onnx"
    onnx.save(piper_model(speakers), path)
    path.with_name(f"{name}.onnx.json").write_text(json.dumps(piper_config(name, speakers)), encoding="utf-8")
    return path


def write_kokoro_voices(folder: Path) -> Path:
    """Write ``kokoro-v1.0.onnx`` and ``voices-v1.0.bin`` with `KOKORO_STYLES`.

    Returns
    -------
    Path
        The model's.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "kokoro-v1.0.onnx"
    onnx.save(kokoro_model(), path)
    styles: dict[str, Any] = {
        name: np.full((510, 1, 256), 1.0 + 0.1 * number, np.float32) for number, name in enumerate(KOKORO_STYLES)
    }
    with (folder / "voices-v1.0.bin").open("wb") as file:
        np.savez_compressed(file, **styles)
    return path


def piper_config(name: str, speakers: int = 1) -> dict[str, Any]:
    """Give what stands beside a model of piper's, as its makers write it."""
    from piper.phoneme_ids import DEFAULT_PHONEME_ID_MAP

    family, _, region = name.partition("-")[0].partition("_")
    names = ("one", "two", "three", "four", "five", "six", "seven", "eight")[:speakers]
    return {
        "audio": {"sample_rate": PIPER_RATE_HZ, "quality": name.rpartition("-")[2]},
        "dataset": "tiny",
        "espeak": {"voice": "en-us" if family == "en" and region == "US" else family},
        "language": {"code": f"{family}_{region}", "family": family, "region": region},
        "inference": {"noise_scale": 0.667, "length_scale": 1.0, "noise_w": 0.8},
        "num_symbols": 256,
        "num_speakers": speakers,
        "speaker_id_map": {name: number for number, name in enumerate(names)} if speakers > 1 else {},
        "phoneme_type": "espeak",
        "phoneme_id_map": DEFAULT_PHONEME_ID_MAP,
        "piper_version": "1.0.0",
    }


def piper_model(speakers: int = 1) -> onnx.ModelProto:
    """Make a graph with the inputs and the output of piper's models."""
    inputs = [
        helper.make_tensor_value_info("input", TensorProto.INT64, [1, "n"]),
        helper.make_tensor_value_info("input_lengths", TensorProto.INT64, [1]),
        helper.make_tensor_value_info("scales", TensorProto.FLOAT, [3]),
    ]
    nodes = [
        helper.make_node("Split", ["scales"], ["noise", "length", "noise_w"], axis=0, num_outputs=3),
        # Its own length varies with noise_w, as a true model's does.
        helper.make_node("RandomNormalLike", ["noise_w"], ["luck"], mean=0.0, scale=0.02),
        helper.make_node("Mul", ["luck", "noise_w"], ["wobble"]),
        helper.make_node("Add", ["wobble", "length"], ["longer"]),
        helper.make_node("Mul", ["longer", "symbol"], ["each"]),
    ]
    if speakers > 1:
        inputs.append(helper.make_tensor_value_info("sid", TensorProto.INT64, [1]))
        nodes += [
            helper.make_node("Cast", ["sid"], ["speaker"], to=TensorProto.FLOAT),
            helper.make_node("Mul", ["speaker", "tenth"], ["above"]),
            helper.make_node("Add", ["above", "one"], ["pitch"]),
        ]
    else:
        nodes.append(helper.make_node("Identity", ["one"], ["pitch"]))
    nodes += [
        *_tones(_PIPER_SILENT, PIPER_RATE_HZ),
        helper.make_node("RandomNormalLike", ["tones"], ["hiss"], mean=0.0, scale=0.05),
        helper.make_node("Mul", ["hiss", "noise"], ["little_hiss"]),
        helper.make_node("Add", ["tones", "little_hiss"], ["noisy"]),
        helper.make_node("Reshape", ["noisy", "out_shape"], ["output"]),
    ]
    output = helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, 1, 1, "t"])
    constants = {
        **_constants(PIPER_RATE_HZ, PIPER_SYMBOL_S, _PIPER_SILENT),
        "tenth": np.array([0.1], np.float32),
        "out_shape": np.array([1, 1, 1, -1], np.int64),
    }
    return _model(nodes, inputs, output, constants)


def kokoro_model() -> onnx.ModelProto:
    """Make a graph with the inputs and the output of kokoro's models."""
    inputs = [
        helper.make_tensor_value_info("input", TensorProto.INT64, [1, "n"]),
        helper.make_tensor_value_info("style", TensorProto.FLOAT, [1, 256]),
        helper.make_tensor_value_info("speed", TensorProto.FLOAT, [1]),
    ]
    inputs[0].name = "tokens"
    nodes = [
        helper.make_node("Identity", ["tokens"], ["input"]),
        helper.make_node("ReduceMean", ["style"], ["mean"], keepdims=0),
        helper.make_node("Reshape", ["mean", "flat"], ["pitch"]),
        helper.make_node("Div", ["symbol", "speed"], ["each"]),
        *_tones(_KOKORO_SILENT, KOKORO_RATE_HZ),
        helper.make_node("Identity", ["tones"], ["waveform"]),
    ]
    output = helper.make_tensor_value_info("waveform", TensorProto.FLOAT, ["t"])
    return _model(nodes, inputs, output, _constants(KOKORO_RATE_HZ, KOKORO_SYMBOL_S, _KOKORO_SILENT))


def _constants(rate_hz: int, symbol_s: float, silent: int) -> dict[str, np.ndarray[Any, Any]]:
    return {
        "symbol": np.array([symbol_s * rate_hz], np.float32),
        "flat": np.array([-1], np.int64),
        "scalar": np.array([], np.int64),
        "zero": np.array(0, np.int64),
        "unit": np.array(1, np.int64),
        "one": np.array([1.0], np.float32),
        "lowest": np.array([180.0], np.float32),
        "step": np.array([9.0], np.float32),
        "turn": np.array([2 * np.pi / rate_hz], np.float32),
        "half_turn": np.array([np.pi], np.float32),
        "level": np.array([_LEVEL], np.float32),
        "last_silent": np.array([silent - 1], np.int64),
    }


def _tones(silent: int, rate_hz: int) -> list[onnx.NodeProto]:
    """Make ``tones`` [t] of ``input`` [1, n], ``each`` [1] (frames a symbol) and ``pitch`` [1]."""
    return [
        helper.make_node("Reshape", ["input", "flat"], ["ids"]),
        helper.make_node("Size", ["ids"], ["count"]),
        helper.make_node("Cast", ["count"], ["count_f"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["count_f", "each"], ["frames_f"]),
        helper.make_node("Floor", ["frames_f"], ["frames_w"]),
        helper.make_node("Cast", ["frames_w"], ["frames_i"], to=TensorProto.INT64),
        helper.make_node("Reshape", ["frames_i", "scalar"], ["frames"]),
        helper.make_node("Range", ["zero", "frames", "unit"], ["at_i"]),
        helper.make_node("Cast", ["at_i"], ["at"], to=TensorProto.FLOAT),
        helper.make_node("Div", ["at", "each"], ["at_symbol"]),
        helper.make_node("Floor", ["at_symbol"], ["which_f"]),
        helper.make_node("Cast", ["which_f"], ["which_i"], to=TensorProto.INT64),
        helper.make_node("Sub", ["count", "unit"], ["last"]),
        helper.make_node("Min", ["which_i", "last"], ["which"]),
        helper.make_node("Gather", ["ids", "which"], ["here"]),
        helper.make_node("Cast", ["here"], ["here_f"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["here_f", "step"], ["higher"]),
        helper.make_node("Add", ["higher", "lowest"], ["own_hz"]),
        helper.make_node("Mul", ["own_hz", "pitch"], ["hz"]),
        helper.make_node("Sub", ["at_symbol", "which_f"], ["share"]),
        helper.make_node("Mul", ["share", "each"], ["since"]),
        helper.make_node("Mul", ["since", "hz"], ["turns"]),
        helper.make_node("Mul", ["turns", "turn"], ["phase"]),
        helper.make_node("Sin", ["phase"], ["wave"]),
        helper.make_node("Mul", ["share", "half_turn"], ["swell_phase"]),
        helper.make_node("Sin", ["swell_phase"], ["swell"]),  # so that it does not click
        helper.make_node("Mul", ["wave", "swell"], ["shaped"]),
        helper.make_node("Greater", ["here", "last_silent"], ["sounds"]),
        helper.make_node("Cast", ["sounds"], ["sounds_f"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["shaped", "sounds_f"], ["heard"]),
        helper.make_node("Mul", ["heard", "level"], ["tones"]),
    ]


def _model(
    nodes: Sequence[onnx.NodeProto],
    inputs: Sequence[onnx.ValueInfoProto],
    output: onnx.ValueInfoProto,
    constants: dict[str, np.ndarray[Any, Any]],
) -> onnx.ModelProto:
    used = {name for node in nodes for name in node.input}
    initializers = [numpy_helper.from_array(value, name) for name, value in constants.items() if name in used]
    graph = helper.make_graph(nodes, "tiny", inputs, [output], initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.checker.check_model(model)
    return model
