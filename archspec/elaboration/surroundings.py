"""What a body depends on besides its arguments and inputs: the files that its words and defaults come from.

A block of a file sees that file, those that it extends and those that it takes blocks from; a standard block sees the
standard library alone. Files are known by their documents' identity, so a file that was read anew is another.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from archspec.elaboration.modules import BlockReference, Module, OpReference, Row
from archspec.ops import OWN, Vocabulary
from archspec.syntax import ast, tree
from archspec.syntax.evaluation import Opaque, Unknown, Value
from archspec.syntax.written_expressions import names_read


class Surroundings:
    """The files of a walk as parts of keys. Mutable by design: begun anew with each walk.

    The documents of earlier walks are kept until they are to be forgotten: keys know them by their identity.
    """

    def __init__(self) -> None:
        self._ops: Hashable = None
        self._numbers: dict[int, Hashable] = {}
        """What the defaults of each file of the walk read, by the file's identity."""
        self._known: dict[int, tuple[Module, Hashable]] = {}
        self._documents: dict[int, ast.Document] = {}

    def begin(self, family: Iterable[Module], ops: Vocabulary = OWN) -> None:
        """Begin a walk over a file and those that it extends, whose parameters are bound."""
        family = tuple(family)
        self._ops = tuple((word, plugin.op) for word, plugin in sorted(ops.plugins.items()))
        self._known = {}
        self._numbers = dict.fromkeys(map(id, family))  # a number that is a block of the family cannot be told
        self._numbers.update([(id(module), self._numbers_of(module)) for module in family])
        self._known = {}

    def forget(self) -> None:
        """Let go of the documents of earlier walks, between two walks and with every key that was made in them."""
        self._documents = {}

    def of(self, module: Module) -> Hashable:
        """What the lines of a file depend on as a part of a key; `None` where that cannot be told."""
        if module.is_standard:
            return self._ops
        if id(module) not in self._known:
            self._known[id(module)] = (module, self._of_file(module))
        return self._known[id(module)][1]

    def frozen(self, value: Value) -> Hashable:
        """A value as part of a key; `None` for what is not known whole, such as layers."""
        if isinstance(value, bool):
            return (bool, value)  # 1 and true are equal to Python
        if isinstance(value, tuple):
            items = tuple([self.frozen(item) for item in value])
            return None if None in items else items
        if isinstance(value, Row):
            values = self.frozen(tuple(one for _, one in value.values))
            return None if values is None else (Row, values)
        if isinstance(value, BlockReference):
            around = self.of(value.module)
            return None if around is None else (BlockReference, id(value.block), around)
        if isinstance(value, OpReference):
            return (OpReference, value.word)
        return None if isinstance(value, Opaque | Unknown) else value

    def _of_file(self, module: Module) -> Hashable:
        files = _seen_from(module)
        # The numbers of files that only lend blocks are always those that they declare.
        numbers = tuple([self._numbers.get(id(file), ()) for file in files])
        if None in numbers:
            return None
        for file in files:
            self._documents[id(file.document)] = file.document
        return (self._ops, tuple([id(file.document) for file in files]), numbers)

    def _numbers_of(self, module: Module) -> Hashable:
        values = [module.bindings.get(name) for name in _names_read(module)]
        return self.frozen(tuple(value for value in values if value is not None))


def _seen_from(module: Module) -> list[Module]:
    """A file, those that it extends and those that it takes blocks from, each once; not the standard library."""
    found = [module]
    for one in found:
        beside = [reference.module for reference in one.imports.values()]
        for other in (one.parent, *beside):
            if other is not None and not other.is_standard and not any(other is file for file in found):
                found.append(other)
    return found


def _names_read(module: Module) -> list[str]:
    """The names that a file's defaults read, which stand for its own numbers wherever its blocks are used."""
    trees: list[tree.Tree] = [entry.value for default in module.document.defaults for entry in default.fields]
    return sorted(names_read(trees)) if trees else []
