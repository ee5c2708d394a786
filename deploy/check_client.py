"""A caller that knows Rhapsode only by its schema: it speaks, asks for health and watches a server go away.

    check_client.py STUBS CONFIG ADDRESS ready|speak FILE|drain COMMAND...

STUBS is the directory of the generated code, CONFIG a client service config. A failed expectation ends it with status 1.
"""

import array
import math
import pathlib
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import wave

import grpc
from grpc_health.v1 import health_pb2
from grpc_health.v1 import health_pb2_grpc

SERVICE = "rhapsode.v1.SpeechService"
STARTUP_SECONDS = 30
CALL_SECONDS = 120
SENTENCE = "The quick brown fox jumps over the lazy dog, and nobody seems to mind. "
# Takes longer to synthesise than a server that was asked to stop goes on accepting connections.
LONG_TEXT = SENTENCE * 150
SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING


def main():
    stubs, config, address, command, *rest = sys.argv[1:]
    sys.path.insert(0, stubs)
    server = Server(address, pathlib.Path(config).read_text(encoding="utf-8"))
    {"ready": server.ready, "speak": server.speak, "drain": server.drain}[command](*rest)


class Server:
    """A server under test."""

    def __init__(self, address, config):
        from rhapsode.v1 import speech_pb2
        from rhapsode.v1 import speech_pb2_grpc

        target = f"dns:///{address}:50051"
        # With the service config the client itself keeps calls away from a server that is not ready; what such a server
        # would say takes a channel without.
        balanced = grpc.insecure_channel(target, [("grpc.service_config", config)])
        plain = grpc.insecure_channel(target)
        self.schema = speech_pb2
        self.speech = speech_pb2_grpc.SpeechServiceStub(balanced)
        self.plain_speech = speech_pb2_grpc.SpeechServiceStub(plain)
        self.health = health_pb2_grpc.HealthStub(plain)
        self.address = address
        self.http = f"http://{address}:8080"

    def ready(self):
        """Both health services serve, and the HTTP probes agree."""
        deadline = time.monotonic() + STARTUP_SECONDS
        while self.status_of(SERVICE) != SERVING:
            expect(time.monotonic() < deadline, f"not ready after {STARTUP_SECONDS} s")
            time.sleep(0.2)
        expect(self.status_of("") == SERVING, "the process is not alive")
        for path in ("/livez", "/readyz", "/metrics"):
            expect(self.get(path) == 200, f"{path} answers {self.get(path)}")
        info = self.speech.GetServiceInfo(self.schema.GetServiceInfoRequest(), timeout=5)
        print(f"ready: version {info.server_version}, revision {info.build_revision}")

    def speak(self, path):
        """A sentence is spoken whole and can be heard; it is left in the WAV file at `path`."""
        pcm, summary = self.listen(self.synthesize(SENTENCE))
        with wave.open(path, "wb") as out:
            out.setparams((1, 2, 24000, 0, "NONE", ""))
            out.writeframes(pcm)
        samples = array.array("h", pcm)
        level = 10 * math.log10(sum(sample * sample for sample in samples) / len(samples) / 32768**2)
        seconds = len(samples) / 24000
        expect(2 < seconds < 12, f"{seconds:.1f} s are no sentence")
        expect(-30 < level < -8, f"a level of {level:.1f} dBFS is no speech")
        first = summary.timings.first_audio_duration.ToMilliseconds()
        print(f"spoken: {seconds:.1f} s at {level:.1f} dBFS, first audio after {first} ms")

    def drain(self, *command):
        """After `command` has asked the server to stop, the running call is finished and new ones are turned away."""
        begin = time.monotonic()
        events = self.synthesize(LONG_TEXT)
        begun = [next(events), next(events)]
        expect(begun[1].WhichOneof("event") in ("audio", "warning"), "nothing was spoken before the end")
        watch = self.health.Watch(health_pb2.HealthCheckRequest(service=SERVICE), timeout=CALL_SECONDS)
        expect(next(watch).status == SERVING, "not ready before the end")
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        expect(next(watch).status == NOT_SERVING, "still ready after the request to stop")
        watch.cancel()
        expect(self.get("/readyz") == 503, "/readyz still says ready")
        expect(self.status_of("") == SERVING, "a server that finishes its work is not dead")
        request = self.schema.SynthesizeClipRequest(text="One more thing.")
        for speech, sort in ((self.plain_speech, "plain"), (self.speech, "balanced")):
            code = code_of(lambda: speech.SynthesizeClip(request, timeout=5, wait_for_ready=False))
            expect(code == grpc.StatusCode.UNAVAILABLE, f"a new call of a {sort} client ends in {code}")
        while self.accepts():
            expect(time.monotonic() < begin + CALL_SECONDS, "connections are accepted for ever")
            time.sleep(0.1)
        closed = time.monotonic() - begin
        pcm, summary = self.listen(events, begun)
        total = summary.timings.total_duration.ToMilliseconds() / 1000
        expect(total > closed, f"the call took {total:.1f} s, which is less than the drain ({closed:.1f} s): prolong it")
        print(f"drained: closed after {closed:.1f} s, the call was finished after {total:.1f} s, {len(pcm)} bytes")

    def synthesize(self, text):
        return self.speech.Synthesize(self.schema.SynthesizeRequest(text=text), timeout=CALL_SECONDS)

    @staticmethod
    def listen(events, begun=()):
        """The audio of a stream and its summary, after both have been compared."""
        events = [*begun, *events]
        kinds = [event.WhichOneof("event") for event in events]
        expect(kinds[0] == "started" and kinds[-1] == "summary", f"the stream begins {kinds[:2]} and ends {kinds[-1:]}")
        chunks = [event.audio for event in events if event.HasField("audio")]
        expect([chunk.sequence for chunk in chunks] == list(range(len(chunks))), "a chunk is missing")
        pcm, summary = b"".join(chunk.data for chunk in chunks), events[-1].summary
        expect(len(pcm) == summary.audio_byte_count, f"{len(pcm)} of {summary.audio_byte_count} bytes arrived")
        return pcm, summary

    def status_of(self, service):
        try:
            return self.health.Check(health_pb2.HealthCheckRequest(service=service), timeout=2).status
        except grpc.RpcError:
            return None

    def accepts(self):
        try:
            socket.create_connection((self.address, 50051), timeout=2).close()
        except OSError:
            return False
        return True

    def get(self, path):
        try:
            return urllib.request.urlopen(self.http + path, timeout=2).status
        except urllib.error.HTTPError as error:
            return error.code


def code_of(call):
    try:
        call()
    except grpc.RpcError as error:
        return error.code()
    return grpc.StatusCode.OK


def expect(condition, complaint):
    if not condition:
        sys.exit(complaint)


main()
