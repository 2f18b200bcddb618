"""The command line's contract: exit statuses, where a spec comes from, options, and what a process prints and loads."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from archspec import zoo
from archspec.cli import main
from archspec.cli.status import FOUND_ERRORS, INTERNAL_ERROR, OK, WRONG_USAGE
from archspec.elaboration.modules import standard_words
from archspec.ops import words

SOUND = """archspec: 1
name: small
parameters: {width: {type: int, default: 4, min: 1}}
variants: {wide: {width: 8}}
inputs: {image: [8, 8, 3]}
layers:
  - conv: {filters: $width, kernel: 3, padding: same, activation: relu}
  - flatten
  - {dense: 2, name: end}
"""
WRONG = SOUND.replace("kernel", "kernal")
WARNED = SOUND.replace("layers:", "let: {unread: 3}\nlayers:")


@pytest.fixture(autouse=True)
def _a_folder_of_specs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in (("sound", SOUND), ("wrong", WRONG), ("warned", WARNED)):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


def run(*arguments: str, text: str | bytes | None = None, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """One command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "archspec", *arguments],
        input=text.encode() if isinstance(text, str) else text,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(Path(zoo.__file__).parents[1]), **environment},
        check=False,
        timeout=60,
    )


@contextlib.contextmanager
def collecting() -> Iterator[None]:
    """Undo what `main` does to its process: a command collects no cycles, and the suite should."""
    import gc

    try:
        yield
    finally:
        gc.enable()


def status(*arguments: str) -> int:
    """The exit status of a command run in this process."""
    with collecting():
        try:
            return main(arguments)
        except SystemExit as end:
            return int(end.code or 0)


# Exit statuses


@pytest.mark.parametrize("command", ["check", "summary", "emit", "resolve"])
def test_a_sound_spec_ends_with_0_and_a_wrong_one_with_1(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(command, "sound.yaml") == OK
    assert capsys.readouterr().err == ""
    assert status(command, "wrong.yaml") == FOUND_ERRORS
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("error[E0501]: `conv` has no field `kernal`\n  --> wrong.yaml:7:29\n")
    assert captured.err.endswith("\n1 error\n1 can be mended with `archspec check --fix`\n")


def test_warnings_end_with_0_unless_strict() -> None:
    assert status("check", "warned.yaml") == OK
    assert status("check", "warned.yaml", "--strict") == FOUND_ERRORS


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("chekc", "sound.yaml"),
        ("check",),
        ("check", "sound.yaml", "--strickt"),
        ("check", "sound.yaml", "--format", "xml"),
        ("check", "nowhere.yaml"),
        ("check", "."),
        ("check", "nul\0byte"),
        ("summary", "vgg61"),
        ("zoo", "show", "vgg61"),
        ("explain", "E9999"),
        ("emit", "sound.yaml", "-o", "."),
        ("build", "sound.yaml", "-o", "model.h5"),
        ("train", "sound.yaml", "--epochs", "many"),
    ],
)
def test_wrong_usage_and_unreadable_files_end_with_2(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(*arguments) == WRONG_USAGE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("archspec")
    assert "Traceback" not in captured.err


@pytest.mark.parametrize(
    ("arguments", "cure"),
    [
        (("chekc", "x"), "check"),
        (("check", "x", "--strickt"), "--strict"),
        (("summary", "vgg61"), "vgg16"),
        (("explain", "E0511"), "E0510"),
        (("explain", "cnov"), "conv"),
        (("explain", "residual_basik"), "residual_basic"),
    ],
)
def test_a_slip_gets_the_nearest_right_word(
    arguments: tuple[str, ...], cure: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(*arguments) == WRONG_USAGE
    assert f"help: did you mean `{cure}`?" in capsys.readouterr().err


def test_a_short_word_that_begins_otherwise_is_no_slip(capsys: pytest.CaptureFixture[str]) -> None:
    assert status("foo") == WRONG_USAGE
    assert "did you mean" not in capsys.readouterr().err


def test_a_word_of_the_language_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert status("explain", "repeat") == OK
    assert "how often the layers are placed" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("subject", "said"), [("E0412", "E0412: branches that cannot"), ("conv", "conv\n\nConv"), ("fire", "fire\n\na 1x1")]
)
def test_codes_ops_and_blocks_are_explained(subject: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert status("explain", subject) == OK
    assert capsys.readouterr().out.startswith(said)


def test_ops_lists_every_word_with_what_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert status("ops") == OK
    lines = capsys.readouterr().out.splitlines()
    listed = [line.split()[0] for line in lines if line.startswith("  ")]
    assert sorted(listed) == sorted(words() | standard_words())
    assert all(len(line.split()) > 2 for line in lines if line.startswith("  "))


def test_an_internal_error_ends_with_70_and_no_traceback_unless_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise KeyError("conv")

    monkeypatch.setattr("archspec.cli.commands.compile_spec", fail)
    assert status("summary", "sound.yaml") == INTERNAL_ERROR
    captured = capsys.readouterr()
    assert "internal error: KeyError: 'conv'" in captured.err
    assert "--debug" in captured.err
    assert "Traceback" not in captured.err
    with collecting(), pytest.raises(KeyError):
        main(["summary", "sound.yaml", "--debug"])


def test_a_spec_without_a_recipe_cannot_be_trained(capsys: pytest.CaptureFixture[str]) -> None:
    assert status("train", "sound.yaml") == FOUND_ERRORS
    assert "error[E0902]" in capsys.readouterr().err


# Where a spec comes from


def test_a_spec_is_a_path_standard_input_or_a_name_in_the_zoo(capsys: pytest.CaptureFixture[str]) -> None:
    assert status("check", "sound.yaml") == OK
    assert capsys.readouterr().out == "ok: sound.yaml\n"
    assert status("check", "keras/resnet50") == OK
    assert "resnet50.yaml" in capsys.readouterr().out
    piped = run("check", "-", text=SOUND)
    assert (piped.returncode, piped.stdout) == (OK, b"ok: <stdin>\n")


def test_a_mistake_in_standard_input_is_shown_with_its_line() -> None:
    piped = run("check", "-", text=WRONG)
    assert piped.returncode == FOUND_ERRORS
    assert b"--> <stdin>:7:29" in piped.stderr
    assert b"7 |   - conv: {filters" in piped.stderr


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xfe\x00", b"\0", b"[" * 100_000, b"a: 1\n" * 300_000],
    ids=["nothing", "no UTF-8", "NUL", "deep", "large"],  # pytest puts a test's name into its processes' environment
)
def test_any_bytes_on_standard_input_end_in_a_diagnostic(data: bytes) -> None:
    piped = run("check", "-", text=data)
    assert piped.returncode == FOUND_ERRORS
    assert piped.stderr.startswith(b"error[E01")
    assert b"Traceback" not in piped.stderr


def test_a_file_here_stands_before_a_name_in_the_zoo(capsys: pytest.CaptureFixture[str]) -> None:
    Path("vgg16").write_text(SOUND, encoding="utf-8")
    assert status("summary", "vgg16", "--format", "json") == OK
    assert json.loads(capsys.readouterr().out)["name"] == "small"


# Options


def totals(capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, int]:
    capsys.readouterr()
    assert status("summary", "sound.yaml", "--format", "json", *options) == OK
    found: dict[str, int] = json.loads(capsys.readouterr().out)["totals"]
    return found


def test_set_variant_and_input_change_the_network(capsys: pytest.CaptureFixture[str]) -> None:
    # By hand: 3 * 3 * 3 * w + w in the convolution, 8 * 8 * w * 2 + 2 in the dense layer, 130 w + 28 w + 2 in all.
    def params(width: int, pixels: int = 64) -> int:
        return 28 * width + 2 * pixels * width + 2

    assert totals(capsys)["params"] == params(4)
    assert totals(capsys, "--set", "width=5")["params"] == params(5)
    assert totals(capsys, "--variant", "wide")["params"] == params(8)
    assert totals(capsys, "--variant", "wide", "--set", "width=3")["params"] == params(3)
    assert totals(capsys, "--input", "image=4x16x3")["params"] == params(4)
    assert totals(capsys, "--input", "image=4x4x3")["params"] == params(4, 16)


@pytest.mark.parametrize(
    ("options", "start"),
    [
        (("--set", "widht=3"), "error[E0221]: there is no parameter `widht`\n  --> --set:1:"),
        (("--set", "width=0"), "error[E0502]: `parameters.width` must be at least 1, got `0`\n  --> --set:1:7\n"),
        (("--set", "width"), "error[E0219]: `--set` takes `name=value`, got `width`\n  --> --set:1:1\n"),
        (("--set", "width=$(1 +)"), "error[E0601]: the expression ends too early\n  --> --set:1:12\n"),
        (("--set", "width=[1"), "error[E0105]: this `[` is not closed\n  --> --set:1:7\n"),
        (("--input", "image=$(1 +)x3"), "error[E0601]"),
        (("--variant", "wid"), "error[E0220]: there is no variant `wid`\n  --> --variant:1:1\n"),
        (("--input", "imgae=8x8x3"), "error[E0217]: there is no input `imgae`\n  --> --input:1:1\n"),
        (("--input", "image"), "error[E0219]: `--input` takes `name=HxWxC`, got `image`\n  --> --input:1:1\n"),
        (("--input", "image=8x0x3"), "error[E0216]: a size must be a whole number"),
        (("--input", "image=2x2x3x3x3"), "error[E0401]"),
    ],
)
def test_a_wrong_option_is_shown_in_the_option(
    options: tuple[str, ...], start: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status("check", "sound.yaml", *options) == FOUND_ERRORS
    assert capsys.readouterr().err.startswith(start)


def test_wrong_options_are_all_reported_in_one_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert status("check", "sound.yaml", "--set", "a=1", "--set", "b=1", "--input", "c=1") == FOUND_ERRORS
    assert "3 errors" in capsys.readouterr().err


# What is printed


def test_json_of_check_is_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert status("check", "wrong.yaml", "--format", "json") == FOUND_ERRORS
    captured = capsys.readouterr()
    assert captured.err == ""
    found = json.loads(captured.out)
    assert set(found) == {"spec", "diagnostics"}
    assert found["diagnostics"] == [
        {
            "code": "E0501",
            "severity": "error",
            "message": "`conv` has no field `kernal`",
            "place": {
                "file": "wrong.yaml",
                "line": 7,
                "column": 29,
                "end_line": 7,
                "end_column": 35,
                "text": "",
            },
            "labels": [],
            "notes": [],
            "help": "did you mean `kernel`?",
            "fix": {"edits": [{"line": 7, "column": 29, "end_line": 7, "end_column": 35, "text": "kernel"}]},
        }
    ]


def test_json_of_summary_is_one_object_with_the_words_of_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    assert status("summary", "sound.yaml", "--format", "json", "--input", "image=?x8x3") == FOUND_ERRORS
    capsys.readouterr()
    assert status("summary", "sound.yaml", "--format", "json") == OK
    found = json.loads(capsys.readouterr().out)
    assert list(found) == ["name", "inputs", "outputs", "totals", "layers"]
    assert found["inputs"] == {"image": [8, 8, 3]}
    assert found["outputs"] == {"end": [2]}
    assert set(found["totals"]) >= {"params", "trainable", "non_trainable", "macs"}
    assert [row["path"] for row in found["layers"]] == ["conv_1", "flatten_1", "end"]
    assert set(found["layers"][0]) >= {"path", "op", "output_shape", "params", "trainable", "macs"}


def test_errors_of_summary_are_json_where_json_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert status("summary", "wrong.yaml", "--format", "json") == FOUND_ERRORS
    assert [one["code"] for one in json.loads(capsys.readouterr().out)["diagnostics"]] == ["E0501"]


@pytest.mark.parametrize("environment", [{}, {"NO_COLOR": "1"}, {"TERM": "dumb"}, {"FORCE_COLOR": "1"}])
def test_piped_output_is_plain(environment: dict[str, str]) -> None:
    piped = run("check", "wrong.yaml", **environment)
    assert b"\x1b" not in piped.stdout + piped.stderr


def test_on_a_terminal_there_is_colour_unless_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from archspec.cli import output

    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert output.wants_colour()
    monkeypatch.setenv("NO_COLOR", "1")
    assert not output.wants_colour()


@pytest.mark.parametrize(
    "arguments", [("summary", "resnet50"), ("check", "vgg16"), ("zoo", "list"), ("emit", "vgg16"), ("ops",)]
)
def test_a_closed_pipe_is_no_error(arguments: tuple[str, ...]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    ended = subprocess.run(
        [sys.executable, "-m", "archspec", *arguments],
        stdout=writer,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(zoo.__file__).parents[1])},
        check=False,
    )
    os.close(writer)
    assert (ended.returncode, ended.stderr) == (OK, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_no_internal_error() -> None:
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "archspec", "summary", "resnet50"],
            stdout=full,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(Path(zoo.__file__).parents[1])},
            check=False,
        )
    assert ended.returncode == WRONG_USAGE
    assert b"cannot be written: no space left" in ended.stderr


@pytest.mark.parametrize("arguments", [("explain", "E0601"), ("emit", "googlenet"), ("check", "wrong.yaml")])
def test_a_locale_without_the_signs_that_are_printed_ends_no_command(arguments: tuple[str, ...]) -> None:
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    ended = run(*arguments, **ascii_only)
    assert ended.returncode != INTERNAL_ERROR
    assert ended.stdout.decode("utf-8").strip() or ended.stderr


def test_a_file_that_is_written_is_whole_or_not_there(tmp_path: Path) -> None:
    assert status("emit", "sound.yaml", "-o", "made/net.py") == OK
    assert (tmp_path / "made" / "net.py").read_text(encoding="utf-8").count("def build_model") == 1
    assert status("emit", "wrong.yaml", "-o", "made/other.py") == FOUND_ERRORS
    assert [path.name for path in (tmp_path / "made").iterdir()] == ["net.py"]


def test_reading_a_spec_writes_nothing(tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    for command in ("check", "summary", "emit", "resolve"):
        assert run(command, "sound.yaml").returncode == OK
    assert sorted(tmp_path.rglob("*")) == before


# What is loaded

HEAVY = ("keras", "tensorflow", "numpy")

LOADED = """
import sys
{prelude}
from archspec.cli import main
try:
    status = main({arguments!r})
except SystemExit as end:
    status = end.code
print(sorted(set({heavy!r}) & set(sys.modules)), status, file=sys.stderr)
"""


def loaded_by(arguments: tuple[str, ...], prelude: str = "") -> str:
    """The heavy packages that are in a process after a command, and its status."""
    source = LOADED.format(prelude=prelude, arguments=arguments, heavy=HEAVY)
    environment = {**os.environ, "PYTHONPATH": str(Path(zoo.__file__).parents[1])}
    ended = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, env=environment, check=True)
    return ended.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "googlenet"),
        ("check", "lenet5"),
        ("summary", "lenet5"),
        ("emit", "lenet5"),
        ("resolve", "vgg16"),
        ("zoo", "list"),
        ("explain", "E0412"),
        ("explain", "conv"),
        ("explain", "fire"),
        ("ops",),
        ("diff", "resnet50", "keras/resnet50"),
        ("compare", "vgg16", "lenet5"),
    ],
)
def test_no_framework_is_loaded(arguments: tuple[str, ...]) -> None:
    assert loaded_by(arguments) == "[] 0"


def test_a_mistake_loads_no_framework_either() -> None:
    assert loaded_by(("check", "wrong.yaml")) == "[] 1"
    assert loaded_by(("train", "sound.yaml")) == "[] 1"


def test_the_check_that_nothing_is_loaded_can_fail() -> None:
    prelude = "import types; sys.modules['keras'] = types.ModuleType('keras')"
    assert loaded_by(("check", "vgg16"), prelude) == "['keras'] 0"


def test_geometry_prints_fields_and_sizes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["geometry", "vgg16"]) == 0
    printed = capsys.readouterr().out
    assert "212x212" in printed  # Araujo, Norris, Sim, Distill, 2019, table 1
    assert "every size from 32 on" in printed
    assert main(["geometry", "vgg16", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["sizes"][0]["smallest"] == 32


def test_memory_prints_both_peaks_and_what_fits(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(["memory", "vgg16", "--batch", "8", "--optimizer", "momentum", "--budget", "8GB", "--format", "json"]) == 0
    )
    found = json.loads(capsys.readouterr().out)
    # 138,357,544 values of 4 bytes, once more for the momentum.
    assert found["training"]["weights"] == found["training"]["optimizer_state"] == 4 * 138_357_544
    assert found["training"]["largest_batch"] < found["inference"]["largest_batch"]
    assert main(["memory", "lenet5", "--layers"]) == 0
    printed = capsys.readouterr().out
    assert "64 examples at a time in float32, trained by adam" in printed  # the spec's own recipe
    assert "peak of training at" in printed and "c3" in printed


def test_memory_and_time_need_sizes(capsys: pytest.CaptureFixture[str]) -> None:
    size = ["--input", "image=heightx224x3"]
    assert main(["memory", "resnet50", *size]) == WRONG_USAGE
    assert "is open, and so is its memory" in capsys.readouterr().err
    assert main(["roofline", "resnet50", "--peak", "1T", "--bandwidth", "1T", *size]) == WRONG_USAGE
    assert "is open, and so is its time" in capsys.readouterr().err


def test_roofline_prints_a_line_for_each_layer(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["roofline", "vgg16", "--peak", "19.5TFLOPS", "--bandwidth", "1555GB/s", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    fc6 = next(layer for layer in found["layers"] if layer["path"] == "fc6")
    # 25,088·4,096 weights, 4,096 biases, 25,088 values in and 4,096 out, of 4 bytes; two operations for each product.
    assert fc6["bytes"] == 4 * (25_088 * 4_096 + 4_096 + 25_088 + 4_096)
    assert fc6["flops"] == 2 * 102_760_448 and fc6["bound_by"] == "memory"
    assert main(["roofline", "vgg16", "--peak", "19.5T", "--bandwidth", "1555G"]) == 0
    assert "layers are bound by memory, below 12.5 FLOPs/byte" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ["memory", "vgg16", "--batch", "0"],
        ["memory", "vgg16", "--budget", "8XB"],
        ["memory", "vgg16", "--budget", "16"],
        ["roofline", "vgg16", "--peak", "19.5", "--bandwidth", "1T"],
        ["roofline", "vgg16", "--peak", "0", "--bandwidth", "1T"],
        ["roofline", "vgg16", "--peak", "1T"],
        ["summary", "vgg16", "--depth", "-1"],
    ],
)
def test_amounts_that_are_none_are_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == WRONG_USAGE
    assert arguments[0] in capsys.readouterr().err


def test_summary_has_subtotals_of_blocks(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["summary", "googlenet", "--depth", "1"]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    # Caffe's GoogLeNet: parameters and products of its third module.
    assert ["inception_3a", "8", "nodes", "(28,", "28,", "256)", "163,696", "128,049,152"] in rows


@pytest.mark.parametrize("command", [["summary"], ["geometry"], ["memory"], ["why"], ["roofline"]])
def test_figures_are_told_also_where_a_contract_is_broken(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = tmp_path / "net.yaml"
    spec.write_text("archspec: 1\ninputs: {x: [8]}\nlayers: [{dense: 4, name: d}]\nexpect: {params: 5}\n")
    more = {"why": ["d"], "roofline": ["--peak", "1T", "--bandwidth", "1T"]}.get(command[0], [])
    assert main([*command, str(spec), *more]) == FOUND_ERRORS
    printed = capsys.readouterr()
    assert "d" in printed.out.split() or "`d`" in printed.out or "d:" in printed.out
    assert "error[E0701]: `params` is 36" in printed.err
    assert main(["emit", str(spec)]) == FOUND_ERRORS
    assert capsys.readouterr().out == ""
