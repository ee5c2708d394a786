"""Makes `rhapsode.v1.speech_pb2` and its gRPC stubs out of the contract.

A build runs it as a hook of hatchling; `python generate_stubs.py` runs it alone, in an environment with grpcio-tools.
"""

import sys
from importlib.resources import files
from pathlib import Path

HERE = Path(__file__).resolve().parent
SCHEMA = "rhapsode/v1/speech.proto"
# In a source distribution the contract lies beside this file, in the repository two folders up.
PROTO = next(folder for folder in (HERE / "proto", HERE.parents[1] / "proto") if (folder / SCHEMA).exists())


def generate(target: Path = HERE / "src") -> None:
    """Writes the modules to `target`/rhapsode/v1."""
    from grpc_tools import protoc

    well_known = files("grpc_tools") / "_proto"
    outputs = [f"--{kind}={target}" for kind in ("python_out", "pyi_out", "grpc_python_out")]
    if protoc.main(["protoc", f"-I{PROTO}", f"-I{well_known}", *outputs, SCHEMA]) != 0:
        raise SystemExit(f"protoc cannot read {PROTO / SCHEMA}")


try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ModuleNotFoundError:
    # It runs alone.
    pass
else:

    class Stubs(BuildHookInterface):
        """Has the stubs in place before files are collected."""

        def initialize(self, version: str, build_data: dict) -> None:
            generate()


if __name__ == "__main__":
    generate()
    sys.stdout.write(f"{HERE / 'src' / SCHEMA.replace('.proto', '_pb2.py')}\n")
