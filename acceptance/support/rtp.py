"""RTP as programs of others speak it: ffmpeg as the far end that records, sipp as the telephone that calls."""

import re
import signal as signals
import socket
import struct
import subprocess
import time
from pathlib import Path

import numpy as np

RATE = 8_000
# Bytes of one packet of 20 ms, as telephones send it (RFC 3551).
PACKET, PACKET_SECONDS = 160, 0.02

SDP = """v=0
o=- 0 0 IN IP4 127.0.0.1
s=call
c=IN IP4 127.0.0.1
t=0 0
m=audio {port} RTP/AVP 0
a=rtpmap:0 PCMU/8000
"""

HEADERS = """Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: caller <sip:caller@[local_ip]:[local_port]>;tag=[pid]-[call_number]
To: callee <sip:callee@[remote_ip]:[remote_port]>{tag}
Call-ID: [call_id]
CSeq: {sequence}
Contact: <sip:caller@[local_ip]:[local_port]>
Max-Forwards: 70
"""

CALLER = """<?xml version="1.0" encoding="UTF-8"?>
<scenario name="says a file">
<send retrans="500"><![CDATA[
INVITE sip:callee@[remote_ip]:[remote_port] SIP/2.0
{invite}Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 0 0 IN IP[local_ip_type] [local_ip]
s=call
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [auto_media_port] RTP/AVP 0
a=rtpmap:0 PCMU/8000
]]></send>
<recv response="100" optional="true"/>
<recv response="180" optional="true"/>
<recv response="200"/>
<send><![CDATA[
ACK sip:callee@[remote_ip]:[remote_port] SIP/2.0
{ack}Content-Length: 0

]]></send>
<nop><action><exec rtp_stream="{file},1,0"/></action></nop>
<pause milliseconds="{milliseconds}"/>
<send retrans="500"><![CDATA[
BYE sip:callee@[remote_ip]:[remote_port] SIP/2.0
{bye}Content-Length: 0

]]></send>
<recv response="200"/>
</scenario>
"""

CALLEE = """<?xml version="1.0" encoding="UTF-8"?>
<scenario name="answers, and is heard elsewhere">
<recv request="INVITE"/>
<send retrans="500"><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:];tag=[pid]
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:[local_ip]:[local_port]>
Content-Type: application/sdp
Content-Length: [len]

{sdp}]]></send>
<recv request="ACK"/>
<recv request="BYE"/>
<send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
</scenario>
"""


class Recording:
    """ffmpeg at the far end, recording the µ-law that arrives at a port while it is open."""

    def __init__(self, file: Path, port: int):
        self.file = file
        self.port = port
        description = file.with_suffix(".sdp")
        description.write_text(SDP.format(port=port))
        command = ["ffmpeg", "-v", "error", "-y", "-protocol_whitelist", "file,udp,rtp", "-analyzeduration", "0"]
        command += ["-probesize", "32", "-i", description, "-c", "copy", "-f", "mulaw", file]
        with file.with_suffix(".log").open("wb") as log:
            self.process = subprocess.Popen(
                [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def __enter__(self):
        end = time.monotonic() + 20
        while not _is_bound(self.port):
            if self.process.poll() is not None or time.monotonic() > end:
                raise SystemExit("the recording ffmpeg did not open its port")
            time.sleep(0.02)
        return self

    def __exit__(self, *_: object) -> None:
        # What is still on its way.
        time.sleep(1)
        self.process.send_signal(signals.SIGINT)
        self.process.wait(20)

    def samples(self) -> bytes:
        """Everything that was recorded, µ-law."""
        return self.file.read_bytes()


def free_port() -> int:
    """An even UDP port of the loopback interface that nobody holds, nor the one above it, which is RTCP's."""
    while True:
        with socket.socket(type=socket.SOCK_DGRAM) as probe, socket.socket(type=socket.SOCK_DGRAM) as above:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
            try:
                above.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            if port % 2 == 0:
                return port


def packet(number: int, audio: bytes) -> bytes:
    """An RTP packet of PCMU (RFC 3550): the first has the marker, as after silence."""
    return struct.pack("!BBHII", 0x80, 0x80 if number == 0 else 0, number & 0xFFFF, number * PACKET, 0x5EED) + audio


def missing(sent: bytes, heard: bytes) -> int:
    """Bytes of `sent` that are not in `heard` in their order, packet by packet."""
    if sent in heard:
        return 0
    at = lost = 0
    for start in range(0, len(sent), PACKET):
        part = sent[start : start + PACKET]
        found = heard.find(part, at)
        if found < 0:
            lost += len(part)
        else:
            at = found + len(part)
    return lost


def decoded(file: Path, rate: int) -> np.ndarray:
    """The samples of a µ-law file, as ffmpeg hears them at `rate` Hz."""
    command = ["ffmpeg", "-v", "error", "-f", "mulaw", "-ar", str(RATE), "-ac", "1", "-i", file]
    command += ["-f", "f32le", "-ar", str(rate), "-"]
    return np.frombuffer(subprocess.run(command, check=True, capture_output=True).stdout, dtype=np.float32)


def sip_call(place: Path, file: Path, media_port: int, seconds: float) -> tuple[int, int]:
    """One call in which sipp says `file` to `media_port`; how the caller and the callee ended."""
    port, pause = free_port(), round((seconds + 0.5) * 1000)
    names = {"invite": ("1 INVITE", ""), "ack": ("1 ACK", "[peer_tag_param]"), "bye": ("2 BYE", "[peer_tag_param]")}
    heads = {name: HEADERS.format(sequence=sequence, tag=tag) for name, (sequence, tag) in names.items()}
    caller, callee = place / "caller.xml", place / "callee.xml"
    caller.write_text(CALLER.format(file=file, milliseconds=pause, **heads))
    callee.write_text(CALLEE.format(sdp=SDP.format(port=media_port)))
    with (place / "callee.log").open("wb") as log:
        answering = subprocess.Popen(_sipp(callee, port), stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=place)
    time.sleep(0.5)
    with (place / "caller.log").open("wb") as log:
        command = [*_sipp(caller, free_port()), f"127.0.0.1:{port}", "-mi", "127.0.0.1"]
        calling = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=place, timeout=seconds + 60, check=False
        )
    try:
        return calling.returncode, answering.wait(10)
    except subprocess.TimeoutExpired:
        answering.kill()
        return calling.returncode, -1


def _sipp(scenario: Path, port: int) -> list[str]:
    return ["sipp", "-sf", str(scenario), "-i", "127.0.0.1", "-p", str(port), "-m", "1", "-nostdin", "-timeout", "120"]


def _is_bound(port: int) -> bool:
    return bool(re.search(f":{port:04X} ", Path("/proc/net/udp").read_text(), re.IGNORECASE))
