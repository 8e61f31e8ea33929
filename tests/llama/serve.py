"""The child process: llama.cpp's own server around one model, until whoever started it lets go of its stdin.

A process of its own because a model that llama.cpp dislikes ends the whole process. A parent that dies
closes the pipe too, so no server is ever left behind.
"""

import argparse
import json
import os
import sys

from xllamacpp import CommonParams, Server  # type: ignore[import-untyped] # it ships no types


def main() -> None:
    options = _options()
    server = Server(_parameters(options))
    print(json.dumps({"url": server.listening_address}), flush=True)  # noqa: T201 -- the line the parent waits for
    sys.stdin.read()
    del server
    os._exit(0)  # its threads have nothing to save


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("--alias", required=True)
    parser.add_argument("--context", type=int, default=16384)
    parser.add_argument("--slots", type=int, default=2)
    parser.add_argument("--sharing", choices=["split", "whole"], default="split")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--prefix", default="")
    parser.add_argument("--template")
    parser.add_argument("--api-key")
    return parser.parse_args()


def _parameters(options: argparse.Namespace) -> CommonParams:
    parameters = CommonParams()
    parameters.model.path = options.model
    parameters.model_alias = {options.alias}
    parameters.hostnames = [options.host]
    parameters.port = options.port
    parameters.api_prefix = options.prefix
    parameters.n_ctx = options.context
    parameters.n_parallel = options.slots
    parameters.kv_unified = options.sharing == "whole"
    parameters.cpuparams.n_threads = 2
    parameters.n_gpu_layers = 0  # the same numbers on every machine
    parameters.use_jinja = True
    parameters.warmup = False
    parameters.endpoint_metrics = True
    parameters.endpoint_slots = True
    if options.template:
        parameters.chat_template = options.template
    if options.api_key:
        parameters.api_keys = [options.api_key]
    return parameters


if __name__ == "__main__":
    main()
