"""The command: starts everything, checks it, measures in paired rounds, prints the tables."""

import argparse
import dataclasses
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from . import check, collector, loads, machine, sample, table, targets
from .sample import Round

REPOSITORY = Path(__file__).resolve().parents[2]
PCM = {"RHAPSODE__ENGINES__OPENAI__USAGE_EVENTS": "false"}


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="bench/run", description="Measures Rhapsode beside its peers.")
    parser.add_argument("--rhapsode", required=True, metavar="PROGRAM", help="the release build")
    parser.add_argument("--stand-in", required=True, metavar="PROGRAM", help="the release build of the stand-in")
    parser.add_argument("--beside", metavar="PROGRAM", help="another build of Rhapsode, measured in the same rounds")
    parser.add_argument("--rounds", type=int, default=5, help="rounds, each with every target in turn (5)")
    parser.add_argument("--minutes", type=float, default=8, help="no round is begun that would end later (8)")
    parser.add_argument("--only", metavar="NAME", action="append", help="measure nginx and the targets whose name holds NAME")
    parser.add_argument("--load", choices=[load.name for load in loads.LOADS], help="measure only this load")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every sample there too")
    return parser.parse_args()


def stubs(directory: Path):
    """Python's side of the contract, made from the schema."""
    command = [sys.executable, "-m", "grpc_tools.protoc", "-I", str(REPOSITORY / "proto")]
    command += [f"--python_out={directory}", f"--grpc_python_out={directory}", "rhapsode/v1/speech.proto"]
    subprocess.run(command, check=True)
    sys.path.insert(0, str(directory))
    from rhapsode.v1 import speech_pb2, speech_pb2_grpc

    return speech_pb2, speech_pb2_grpc


def everything(servers: targets.Servers, options: argparse.Namespace, stub_directory: Path) -> list[targets.Target]:
    """Every target that was asked for, and the upstream itself first."""
    upstream = targets.stand_ins(servers, options.stand_in)

    def rhapsode(name: str, settings: dict[str, str], program: str = options.rhapsode, traced: bool = False):
        return targets.rhapsode(servers, upstream, program, name, settings, traced)

    plain = rhapsode("Rhapsode", PCM)
    others = [plain]
    if options.beside:
        others.append(rhapsode("Rhapsode, other build", PCM, program=options.beside))
    traced = PCM | collector.Collector().settings()
    others += [
        dataclasses.replace(plain, name="Rhapsode, traceparent in", headers=plain.headers | targets.TRACED),
        rhapsode("Rhapsode, spans exported", traced, traced=True),
        rhapsode("Rhapsode, events upstream", {}),
        targets.python(servers, upstream, sys.executable, stub_directory),
    ]
    wanted = options.only or [""]
    others = [one for one in others if any(word in one.name for word in wanted)]
    return [upstream, targets.nginx(servers, upstream), *others]


def measure(everyone: list[targets.Target], options: argparse.Namespace, directory: Path, until: float) -> list[Round]:
    """Rounds in which every target takes every load in turn, as many as fit."""
    wanted = loads.chosen(options.load)
    rounds: list[Round] = []
    longest = 0.0
    for number in range(1, options.rounds + 1):
        begun = time.monotonic()
        if begun + longest > until:
            note(f"out of time after {number - 1} rounds")
            break
        idle = {one.name: sample.probe(one, loads.PACED, directory).first_byte_ms for one in everyone}
        samples = {
            load.name: {one.name: sample.measure(one, everyone[0], load, directory) for one in everyone} for load in wanted
        }
        rounds.append(Round(samples, idle, machine.load_average()))
        longest = max(longest, time.monotonic() - begun)
        note(f"round {number} of {options.rounds}: {time.monotonic() - begun:.0f} s")
    return rounds


def note(text: str) -> None:
    """Progress, apart from the result."""
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    """Runs it."""
    options = arguments()
    until = time.monotonic() + 60 * options.minutes
    with tempfile.TemporaryDirectory(prefix="rhapsode-bench-") as name, targets.Servers(Path(name)) as servers:
        directory = Path(name)
        messages, services = stubs(directory)
        loads.write_bodies(directory, messages)
        everyone = everything(servers, options, directory)
        for one in everyone:
            for load in loads.LOADS:
                check.check(one, load, messages, services, directory)
                sample.probe(one, load, directory)
        note(f"every target streams, ends well and loses nothing; load average {machine.load_average()}")
        rounds = measure(everyone, options, directory, until)
    print(machine.describe(options.rhapsode))
    print(f"{len(rounds)} rounds; load average after each: {', '.join(one.load_average for one in rounds)}.\n")
    print(table.tables(rounds))
    if options.json:
        options.json.write_text(json.dumps([dataclasses.asdict(one) for one in rounds], indent=1))


if __name__ == "__main__":
    main()
