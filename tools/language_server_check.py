"""Drives a real yaml-language-server over a few specs, without an editor, and says what it shows of them.

    python tools/language_server_check.py                       installs the server in a temporary folder (npm)
    python tools/language_server_check.py --server FOLDER       uses the one installed in FOLDER/node_modules

Needs Node 18 or later with npm. Each case is a spec under the schema of this checkout, with the diagnostics that must
be shown, or the completions or hover text at the mark `|`. No part of the tests, which need no Node and no network.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from archspec.schema.document import schema_text

PACKAGE = "yaml-language-server"
SECONDS = 30
"""How long an answer may take; the server waits a fifth of a second before it looks at a text."""

HEAD = "# yaml-language-server: $schema=./archspec.schema.json\narchspec: 1\ninputs: {image: [28, 28, 1]}\n"
SETTINGS = {"yaml": {"validate": True, "completion": True, "hover": True, "schemaStore": {"enable": False}}}
CAPABILITIES = {
    "workspace": {"configuration": True},
    "textDocument": {
        "completion": {"completionItem": {"snippetSupport": True}},
        "hover": {"contentFormat": ["markdown"]},
    },
}


@dataclass(frozen=True)
class Case:
    """A spec after `HEAD`; what must be shown of it, with the line after `HEAD` and column counted from 1."""

    name: str
    text: str
    diagnostics: tuple[tuple[int, int, str], ...] = ()
    completions: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    hover: str | None = None


CASES = (
    Case("a sound spec", "layers:\n  - conv: {filters: 8, kernel: 3, padding: same}\n  - flatten\n  - dense: $units\n"),
    Case(
        "a misspelt field",
        "layers:\n  - conv: {fliters: 8, kernel: 3}\n",
        ((2, 5, 'Missing property "filters".'), (2, 12, "Property fliters is not allowed.")),
    ),
    Case(
        "a value that is none of the field's, and one out of range",
        "layers:\n  - dense: {units: 8, activation: rleu}\n  - dropout: 1.5\n",
        ((2, 35, "must be `none`, `relu`, "), (3, 14, "Value is above the exclusive maximum of 1.")),
    ),
    Case(
        "missing layers, an unknown key",
        "layerz: []\n",
        ((1, 1, "Property layerz is not allowed."), (-1, 1, 'Missing property "layers".')),
    ),
    Case(
        "a second op on a line, a misspelt modifier",
        "layers:\n  - {dense: 8, relu: }\n  - dense: 8\n    nmae: units\n",
        (
            (2, 6, "Property dense is not allowed."),
            (2, 16, "Property relu is not allowed."),
            (4, 5, "Property nmae "),
        ),
    ),
    Case("fields inside braces", "layers:\n  - conv: {f|}\n", completions=("filters", "kernel", "activation")),
    Case(
        "fields on lines of their own",
        "layers:\n  - conv:\n      filters: 8\n      |\n",
        completions=("kernel", "stride"),
        never=("filters", "units", "name"),
    ),
    Case("words of layers", "layers:\n  - c|\n", completions=("conv", "conv_bn_relu", "concat", "repeat", "name")),
    Case("modifiers beside an op", "layers:\n  - dense: 8\n    |\n", completions=("name", "when"), never=("conv",)),
    Case("a field's words", "layers:\n  - conv: {filters: 8, kernel: 3, padding: |}\n", completions=("same", "half")),
    Case("a parameter's types", "parameters: {p: |}\nlayers: [relu]\n", completions=("int", "conv.padding")),
    Case("an optimizer", "layers: [relu]\ntraining: {losses: {}, optimizer: |}\n", completions=("sgd", "adam")),
    Case("what an op is", "layers:\n  - co|nv: {filters: 8, kernel: 3}\n", hover="Convolution over many channels"),
    Case("what a word is", "layers:\n  - re|lu\n", hover="max(x, 0)"),
    Case("what a field is", "layers:\n  - conv: {fil|ters: 8, kernel: 3}\n", hover="output channels"),
    Case("what a block is", "layers:\n  - fi|re: {squeeze: 1, one: 1, three: 1}\n", hover="squeeze"),
    Case("what a recipe's field is", "layers: [relu]\ntraining: {epo|chs: 3}\n", hover="how often the training"),
    Case(
        "defaults may supply a field, and have fields of their own",
        "defaults: {conv: {kernel: 3, pading: same}}\nlayers:\n  - conv: 8\n",
        ((1, 30, "Property pading is not allowed."),),
    ),
    Case(
        "a block of the file's own by a standard name",
        "blocks: {fire: {parameters: {width: int}, layers: [dense: $width]}}\nlayers:\n  - fire: {width: 8}\n",
    ),
)


class Server:
    """A language server behind its standard streams."""

    def __init__(self, command: list[str]) -> None:
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._process.stdin is not None and self._process.stdout is not None
        self._in: IO[bytes] = self._process.stdin
        self._out: IO[bytes] = self._process.stdout
        self._arrived = threading.Condition()
        self._answers: dict[int, Any] = {}
        self._diagnostics: dict[str, list[dict[str, Any]]] = {}
        self._asked = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def start(self) -> None:
        """Shake hands."""
        self.ask("initialize", {"processId": None, "rootUri": None, "capabilities": CAPABILITIES})
        self._send(method="initialized", params={})
        self._send(method="workspace/didChangeConfiguration", params={"settings": SETTINGS})

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(SECONDS)

    def open(self, uri: str, text: str) -> list[dict[str, Any]]:
        """Open a document; its diagnostics."""
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._send(method="textDocument/didOpen", params={"textDocument": document})
        with self._arrived:
            if not self._arrived.wait_for(lambda: uri in self._diagnostics, SECONDS):
                raise TimeoutError(f"no diagnostics of {uri}")
            return self._diagnostics[uri]

    def ask(self, method: str, params: object) -> Any:
        """What the server answers to a request."""
        self._asked += 1
        number = self._asked
        self._send(id=number, method=method, params=params)
        with self._arrived:
            if not self._arrived.wait_for(lambda: number in self._answers, SECONDS):
                raise TimeoutError(f"no answer to {method}")
            return self._answers.pop(number)

    def _send(self, **message: object) -> None:
        content = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._in.write(b"Content-Length: %d\r\n\r\n" % len(content) + content)
        self._in.flush()

    def _listen(self) -> None:
        for message in _messages(self._out):
            if "method" in message and "id" in message:
                wanted = message["params"]["items"] if message["method"] == "workspace/configuration" else []
                self._send(id=message["id"], result=[SETTINGS.get(one.get("section"), {}) for one in wanted])
                continue
            with self._arrived:
                if "id" in message:
                    self._answers[message["id"]] = message.get("result")
                elif message["method"] == "textDocument/publishDiagnostics":
                    self._diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]
                self._arrived.notify_all()


def main() -> int:
    """Run every case; 0 where all show what they must."""
    parser = argparse.ArgumentParser(description="Check the schema with a real yaml-language-server.")
    parser.add_argument("--server", metavar="FOLDER", help=f"where {PACKAGE} is installed already")
    with tempfile.TemporaryDirectory() as place, _running(parser.parse_args().server, Path(place)) as server:
        (Path(place) / "archspec.schema.json").write_text(schema_text(), encoding="utf-8")
        paths = [Path(place) / f"spec_{number}.yaml" for number in range(len(CASES))]
        failed = sum(not _passes(case, server, path) for case, path in zip(CASES, paths, strict=True))
    print(f"{len(CASES) - failed} of {len(CASES)} cases show what they must")
    return 1 if failed else 0


@contextmanager
def _running(installed: str | None, place: Path) -> Iterator[Server]:
    folder = Path(installed).resolve() if installed else place
    if not installed:
        subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", PACKAGE], cwd=place, check=True)
    package = folder / "node_modules" / PACKAGE
    print(f"{PACKAGE} {json.loads((package / 'package.json').read_text())['version']}")
    server = Server(["node", str(package / "bin" / PACKAGE), "--stdio"])
    try:
        server.start()
        yield server
    finally:
        server.stop()


def _passes(case: Case, server: Server, path: Path) -> bool:
    """Whether a case shows what it must; prints what it shows."""
    before, mark, after = (HEAD + case.text).partition("|" if case.completions or case.hover else "\0")
    place = {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}
    at = {"textDocument": {"uri": path.as_uri()}, "position": place}
    diagnostics = [_placed(one) for one in server.open(path.as_uri(), before + after)]
    if not mark:
        shown = "; ".join(f"{line}:{column} {message[:70]}" for line, column, message in diagnostics) or "nothing"
        wrong = _unlike(diagnostics, case.diagnostics)
    elif case.completions:
        labels = [item["label"] for item in server.ask("textDocument/completion", at)["items"]]
        shown = f"{len(labels)} completions, {', '.join(labels[:12])}"
        wrong = [f"no `{label}`" for label in case.completions if label not in labels]
        wrong += [f"`{label}`" for label in case.never if label in labels]
    else:
        contents = (server.ask("textDocument/hover", at) or {}).get("contents", {}).get("value", "")
        shown = " ".join(contents.split())[:90]
        wrong = [] if case.hover and case.hover in contents else [f"not {case.hover!r}"]
    print("\n".join([f"- {case.name}: {shown}", *(f"    WRONG: {one}" for one in wrong)]))
    return not wrong


def _placed(diagnostic: dict[str, Any]) -> tuple[int, int, str]:
    start = diagnostic["range"]["start"]
    return start["line"] + 1 - HEAD.count("\n"), start["character"] + 1, diagnostic["message"]


def _unlike(shown: list[tuple[int, int, str]], wanted: tuple[tuple[int, int, str], ...]) -> list[str]:
    """What is shown and not wanted, or wanted and not shown; a message is wanted by its beginning."""

    def is_wanted(one: tuple[int, int, str], by: tuple[int, int, str]) -> bool:
        return one[:2] == by[:2] and one[2].startswith(by[2])

    missing = [f"missing: {by}" for by in wanted if not any(is_wanted(one, by) for one in shown)]
    return missing + [f"unwanted: {one}" for one in shown if not any(is_wanted(one, by) for by in wanted)]


def _messages(stream: IO[bytes]) -> Iterator[dict[str, Any]]:
    while header := stream.readline():
        length = 0
        while header.strip():
            name, _, value = header.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
            header = stream.readline()
        yield json.loads(stream.read(length))


if __name__ == "__main__":
    sys.exit(main())
