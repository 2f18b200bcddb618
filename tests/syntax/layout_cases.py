"""Texts and what `archspec fmt` makes of them, written by hand: each rule alone, and all in one file."""

from __future__ import annotations

ALL_OF_YAML = """\
#!/usr/bin/env archspec
#note

---  #after


archspec:   1
inputs: { image: [28,28 , 1 ] ,"b":[1]}
# about layers
layers:
# first
-   conv: {filters: 8,
           kernel: 3}   # one
-   name: x             # two
    conv: {
       filters: 3,  # c
       # d
       kernel: [1,
                2],
    }


    when:  $(a)         # three
    # own
-
    relu
# - commented
- - a
  - b
- "text with
     more \\

  and"
- plain
     words
  go on
expect:
     nodes:   |   # head
       x
         y

     other: >-
            z

            w
     # end of expect
training:
- |2
   a
- 1
? key
:   value
last:
    &anchor
    x: [&word y, *word]
    # tail
# root tail


...
# after
"""

FORMATTED = """\
#!/usr/bin/env archspec
# note

# after

archspec:   1
inputs: {image: [28, 28 , 1] , "b": [1]}
# about layers
layers:
  # first
  - conv: {filters: 8,
           kernel: 3}   # one
  - name: x             # two
    conv: {
       filters: 3,  # c
       # d
       kernel: [1,
                2],
    }

    when:  $(a)         # three
    # own
  -
    relu
  # - commented
  - - a
    - b
  - "text with
       more \\

    and"
  - plain
       words
    go on
expect:
  nodes:   |   # head
    x
      y

  other: >-
    z

    w
  # end of expect
training:
  - |2
     a
  - 1
? key
: value
last:
  &anchor
  x: [&word y, *word]
  # tail
# root tail

# after
"""

RULES = {
    "a list stands under its key": ("a:\n- b\n- c\n", "a:\n  - b\n  - c\n"),
    "two columns a level": ("a:\n     b:\n      - c:\n           d\n", "a:\n  b:\n    - c:\n        d\n"),
    "one column after a dash": ("a:\n  -   b: 1\n      c: 2\n", "a:\n  - b: 1\n    c: 2\n"),
    "lists in lists": ("a:\n-  -   b\n   -   c\n", "a:\n  - - b\n    - c\n"),
    "all at the margin": ("  a: 1\n  b: 2\n", "a: 1\nb: 2\n"),
    "no room inside brackets": ("a: { b: [ 1, 2 ], c: { } }\n", "a: {b: [1, 2], c: {}}\n"),
    "room after commas and colons": ('a: {b: [1,2],"c":3}\n', 'a: {b: [1, 2], "c": 3}\n'),
    "columns made by hand stay": ("a: {b:  1,   c: 10}\nlonger:   2\n", "a: {b:  1,   c: 10}\nlonger:   2\n"),
    "a colon without a value": ("a: {b: , c:   }\n", "a: {b: , c: }\n"),
    "trailing commas": ("a: [1, ]\n", "a: [1,]\n"),
    "no white space at line ends": ("a: 1  \n   \nb: 2 # c  \n", "a: 1\n\nb: 2 # c\n"),
    "one blank line, none at the ends": ("\n\na: 1\n\n\n\nb: 2\n\n\n", "a: 1\n\nb: 2\n"),
    "one line end": ("a: 1", "a: 1\n"),
    "other line ends": ("a: 1\r\nb: 2\r\n", "a: 1\nb: 2\n"),
    "no markers": ("---\na: 1\n...\n", "a: 1\n"),
    "a marker's comment stays": ("--- # c\na: 1\n", "# c\na: 1\n"),
    "comments have a space": ("#b\na: 1 #c\n##d\n####\n", "# b\na: 1 # c\n## d\n####\n"),
    "no tabs in comments": ("a: 1 #\tb\tc\n", "a: 1 # b c\n"),
    "a comment goes with the next line": ("a:\n# c\n- b:\n# d\n    e\n", "a:\n  # c\n  - b:\n      # d\n      e\n"),
    "a comment at the end of a list stays in it": ("a:\n   - b\n   # c\nd: 1\n", "a:\n  - b\n  # c\nd: 1\n"),
    "comments at the end of the file": ("a:\n    - b\n     # c\n    # d\n# e\n", "a:\n  - b\n  # c\n  # d\n# e\n"),
    "comments in one column stay in one": (
        "a:\n    - b     # c\n    - d:\n        e: 1 # f\ng: 1       # h\n",
        "a:\n  - b     # c\n  - d:\n      e: 1 # f\ng: 1       # h\n",
    ),
    "brackets move as a whole": (
        "a:\n    - b: [1,\n          2,\n       # c\n       3\n      ]\n",
        "a:\n  - b: [1,\n        2,\n     # c\n     3\n    ]\n",
    ),
    "rows under a bracket stay under it": ("a: [ [1, 2],\n     [3, 4]]\n", "a: [[1, 2],\n     [3, 4]]\n"),
    "brackets never left of their key": ("a:\n    b: {\n  c: 1\n}\n", "a:\n  b: {\n    c: 1\n  }\n"),
    "texts keep their room": ("a:\n    b: 'c  d'\n    e: \"#f  \"\n", "a:\n  b: 'c  d'\n  e: \"#f  \"\n"),
    "lines of a text": ("a:\n    - b  \n        c\n\n      d\n", "a:\n  - b\n      c\n\n    d\n"),
    "an escaped space at a line's end": ('a: "b\\   \n  c"\n', 'a: "b\\ \n  c"\n'),
    "block scalars": ("a:\n   b: |\n        c\n          d\n\n\n   e: 1\n", "a:\n  b: |\n    c\n      d\n\n  e: 1\n"),
    "block scalars that keep line ends": ("a: |+\n    b\n\n\nc: 1\n", "a: |+\n  b\n\n\nc: 1\n"),
    "block scalars that say their indentation": ("a:\n    b: |1\n       c\n", "a:\n  b: |1\n     c\n"),
    "spaces in block scalars": ("a: |\n    b  \n      \n    c\n", "a: |\n  b  \n    \n  c\n"),
    "anchors": ("a: &b\n- c\nd:\n    &e\n    f: *b\n", "a: &b\n  - c\nd:\n  &e\n  f: *b\n"),
    "keys with a question mark": ("?   a\n:   b\n", "? a\n: b\n"),
}  # fmt: skip
