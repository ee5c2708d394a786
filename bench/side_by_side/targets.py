"""The servers that are measured, each started the way an operator would start it."""

import os
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from .loads import LOADS, Load

HERE = Path(__file__).resolve().parent
START_LIMIT_SECONDS = 20
GRPC = {"content-type": "application/grpc", "te": "trailers"}
HTTP = {"content-type": "application/json", "authorization": "Bearer sk-bench"}
TRACED = {"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}


@dataclass
class Target:
    """Something to send a load to. `ports` and `pids` are by the name of the load."""

    name: str
    headers: dict[str, str]
    ports: dict[str, int]
    pids: dict[str, int]
    path: str = "/rhapsode.v1.SpeechService/Synthesize"
    slow: bool = False
    speaks_grpc: bool = field(init=False)

    def __post_init__(self) -> None:
        self.speaks_grpc = self.headers["content-type"] == GRPC["content-type"]

    def url(self, load: Load) -> str:
        """Where the load goes."""
        return f"http://127.0.0.1:{self.ports[load.name]}" + self.path.format(load=load.name)

    def body(self, directory: Path, load: Load) -> str:
        """The file that is posted."""
        return str(directory / f"{load.name}.{'grpc' if self.speaks_grpc else 'json'}")


class Servers:
    """Every process of a measurement; leaving it ends them."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.running: list[subprocess.Popen] = []

    def __enter__(self) -> "Servers":
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.running:
            process.terminate()
        for process in self.running:
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()

    def start(self, name: str, port: int, command: list[str], environment: dict[str, str] | None = None) -> int:
        """Starts a process with its output in a file, and waits until it listens."""
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(("OTEL_", "RHAPSODE", "OPENAI_"))}
        with (self.directory / f"{name}.log").open("w") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, env=inherited | (environment or {}))
        self.running.append(process)
        deadline = time.monotonic() + START_LIMIT_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return process.pid
            time.sleep(0.05)
        raise RuntimeError(f"{name} did not start:\n{(self.directory / f'{name}.log').read_text()[-1000:]}")


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def stand_ins(servers: Servers, program: str) -> Target:
    """The upstream, one process per load; as a target it is its own ceiling."""
    ports, pids = {}, {}
    for load in LOADS:
        ports[load.name] = port = free_port()
        command = [program, "--port", str(port), *load.stand_in_flags()]
        pids[load.name] = servers.start(f"stand-in-{load.name}", port, command)
    return Target("stand-in alone", HTTP, ports, pids, path="/v1/audio/speech")


def nginx(servers: Servers, upstream: Target) -> Target:
    """nginx with one listener for both loads."""
    port = free_port()
    words = {"DIRECTORY": servers.directory, "LISTEN": port}
    words |= {load.name.upper(): upstream.ports[load.name] for load in LOADS}
    settings = (HERE.parent / "peers/nginx.conf").read_text()
    for word, value in words.items():
        settings = settings.replace(f"@{word}@", str(value))
    path = servers.directory / "nginx.conf"
    path.write_text(settings)
    pid = servers.start("nginx", port, ["nginx", "-p", str(servers.directory), "-c", str(path)])
    return Target("nginx", HTTP, _both(port), _both(pid), path="/{load}/v1/audio/speech")


def python(servers: Servers, upstream: Target, interpreter: str, stubs: Path) -> Target:
    """The hand-written Python service."""
    ports, pids = {}, {}
    for load in LOADS:
        ports[load.name] = port = free_port()
        base_url = f"http://127.0.0.1:{upstream.ports[load.name]}/v1"
        service = str(HERE.parent / "peers/grpcio_openai.py")
        command = [interpreter, service, str(stubs), f"127.0.0.1:{port}", base_url]
        pids[load.name] = servers.start(f"python-{load.name}", port, command)
    return Target("grpcio + openai", GRPC, ports, pids, slow=True)


def rhapsode(
    servers: Servers, upstream: Target, program: str, name: str, settings: dict[str, str], traced: bool = False
) -> Target:
    """Rhapsode as it comes, but for `settings`; log lines go to a file."""
    ports, pids = {}, {}
    for load in LOADS:
        ports[load.name], http = free_port(), free_port()
        environment = {"OPENAI_API_KEY": "sk-bench", "OPENAI_BASE_URL": f"http://127.0.0.1:{upstream.ports[load.name]}/v1"}
        listen = ["--listen", f"127.0.0.1:{ports[load.name]}", "--http-listen", f"127.0.0.1:{http}"]
        label = f"{name}-{load.name}".replace(" ", "-").replace(",", "")
        pids[load.name] = servers.start(label, ports[load.name], [program, "serve", *listen], environment | settings)
    return Target(name, GRPC | (TRACED if traced else {}), ports, pids)


def _both(value: int) -> dict[str, int]:
    return {load.name: value for load in LOADS}
