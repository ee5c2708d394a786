"""Rotel, an OTLP receiver that others wrote, and what its debug log tells of spans and metrics."""

import re
import socket
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from support.program import Program, free_port

ROTEL = ("rotel==0.0.1a15",)
PORTS = {"grpc": "--otlp-grpc-endpoint", "http/protobuf": "--otlp-http-endpoint"}


@dataclass
class Span:
    """A span as it was received. Ids are hexadecimal, an absent parent is empty."""

    trace: str = ""
    parent: str = ""
    id: str = ""
    name: str = ""
    kind: str = ""
    status: str = ""
    attributes: dict[str, str] = field(default_factory=dict)


class Rotel(Program):
    """A running receiver on ports of its own, which writes all it receives to its log."""

    def __init__(self, log: Path):
        self.ports = {protocol: free_port() for protocol in PORTS}
        listen = [part for protocol, port in self.ports.items() for part in (PORTS[protocol], f"127.0.0.1:{port}")]
        agent = Path(find_spec("rotel").origin).parent / "rotel-agent"
        show = ["--debug-log", "traces", "--debug-log", "metrics", "--debug-log-verbosity", "detailed"]
        super().__init__(log, [agent, "start", *listen, "--exporter", "blackhole", *show])
        self.wait_for(lambda: all(_is_open(port) for port in self.ports.values()), 30)

    def spans(self) -> list[Span]:
        """All spans so far."""
        return [_span(block) for block in re.split(r"^Span #\d+$", self.output(), flags=re.MULTILINE)[1:]]

    def metrics(self) -> set[str]:
        """The names of all metrics so far."""
        return set(re.findall(r"^     -> Name: (\S+)$", self.output(), flags=re.MULTILINE))


def _span(block: str) -> Span:
    # The block of the last span of a batch runs on into whatever was received next.
    block = re.split(r"^Resource(?:Spans|Metrics) #", block, flags=re.MULTILINE)[0]
    lines = dict(re.findall(r"^    (\S[\w ]*?) *: (.*)$", block, flags=re.MULTILINE))
    attributes = dict(re.findall(r"^     -> (\S+): \w+\((.*)\)$", block, flags=re.MULTILINE))
    names = ("Trace ID", "Parent ID", "ID", "Name", "Kind", "Status code")
    return Span(*(lines.get(name, "") for name in names), attributes)


def _is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
