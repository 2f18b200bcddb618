"""Networks written in the language as its page shows them, each with its published figures as contracts.

The figures in `expect:` are the papers' own or counts of other programs (torchvision, Keras, Caffe), never ours:
VGG A to E and the ResNets from their papers' tables as counted by torchvision and Caffe, MobileNetV3 and NASNet-A as
Keras counts them, and U-Net, ESPCN and DCGAN as `test_language_counts` does by hand; the Siamese network as Keras' page
of it shows it, and the CRNN as its paper rounds it. NASNet carries two values through a loop, with a separable
convolution written as its two parts.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from archspec import zoo
from archspec.compiler import check_variants, compile_spec
from archspec.diagnostics import Diagnostic, DiagnosticSink, SourceFile
from archspec.elaboration.settings import Settings

FOLDER = Path(__file__).with_name("language")
SPECS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.yaml"))}
SHIPPED = {name: zoo.open_spec(name, DiagnosticSink()).text for name in zoo.names()}

FIGURES = {
    "dcgan": (18_885_760, 640_614_400),
    "espcn": (21_284, 22_729, 24_752, 6_122_176, 6_538_336, 7_120_960),
    "mobilenet_v3": (5_483_032, 5_507_432, 216_589_760, 2_542_856),
    "nasnet": (88_949_818, 5_326_716),
    "resnet": (11_689_512, 21_797_672, 25_557_032, 44_549_160, 60_192_808, 3_857_973_248),
    "unet": (31_030_658,),
    "vgg": (132_863_336, 133_047_848, 133_638_952, 138_357_544, 143_667_240, 15_470_264_320),
}
"""What each file must hold as contracts, so that none is dropped unseen."""


def findings(text: str) -> tuple[Diagnostic, ...]:
    """What `check` reports on a spec and on each of its variants."""
    compilation = compile_spec(SourceFile("net.yaml", text))
    return (*compilation.diagnostics, *check_variants(compilation, Settings()))


@pytest.mark.parametrize("name", SPECS)
def test_every_variant_has_its_published_figures(name: str) -> None:
    assert findings(SPECS[name]) == ()


@pytest.mark.parametrize("name", FIGURES)
def test_the_published_figures_are_the_contracts(name: str) -> None:
    assert {str(figure) for figure in FIGURES[name]} <= set(re.findall(r"\d+", SPECS[name]))


@pytest.mark.parametrize(("name", "figure"), [(name, figure) for name, all_ in FIGURES.items() for figure in all_])
def test_another_figure_is_refused(name: str, figure: int) -> None:
    changed = SPECS[name].replace(str(figure), str(figure + 1))
    assert {found.code for found in findings(changed)} == {"E0701"}


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_spec_is_clean_in_every_variant(name: str) -> None:
    assert findings(SHIPPED[name]) == ()


@pytest.mark.parametrize("name", [*SPECS, *SHIPPED])
def test_a_named_line_put_in_anywhere_changes_no_other_path(name: str) -> None:
    text = {**SPECS, **SHIPPED}[name]
    before = [node.path for node in compile_spec(SourceFile("net.yaml", text)).require_graph().nodes]
    lines = text.splitlines()
    places = [place for place, line in enumerate(lines) if re.match(r"  - ", line) and place > lines.index("layers:")]
    tried = 0
    for place in places:
        # An identity that keeps shape and channels; contracts on depth and MACs do not see it.
        put_in = [*lines[:place], "  - {dropout: 0.0, name: put_in}", *lines[place:]]
        after = compile_spec(SourceFile("net.yaml", "\n".join(put_in) + "\n"))
        if [found.code for found in after.diagnostics] == ["E0307"]:
            continue  # two values flow here, and the line takes one
        assert [node.path for node in after.require_graph().nodes if node.path != "put_in"] == before
        tried += 1
    assert tried >= min(len(places), 3)
