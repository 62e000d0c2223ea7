"""Texts of people who want a terminal, a parser or a shell to obey them."""

from __future__ import annotations

import re

from hypothesis import strategies as st

OBEYED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
"""What a terminal interprets, what ends lines or turns the direction, or what no stream can encode."""

HOSTILE = (
    "\x1b[2J\x1b[Hgone",
    "\x1b]52;c;cm0gLXJmIH4K\x07\x1b]0;owned\x07",
    "\x9b31mred\x9d0;title\x9c\x90dcs\x9c",
    "\x1bP+q544e\x1b\\\x1b_apc\x1b\\\x1b^pm\x1b\\",
    "photo\u202egnp.exe\u2066isolate\u2069\u200f\u061c",
    "one\nrole: arn:aws:iam::1:role/x\r\ntwo\rthree\x0b\x0c\x1c\x1d\x1e\x85four\u2028five\u2029six",
    "half \ud83c pair \udc9b\udcff \ufeffmark",
    "\u206aold\u206f \ufff9annotated\ufffb",
    "tab\tnul\x00bell\x07del\x7fback\x08\x08\x08",
    "'\"'''\"\"\"\\ \\n \\\\ `id` $(id) ${HOME} $HOME !! %s {0} {{ }}",
    "# no comment: - [a, {b: c}] &anchor *alias !!python/object:os.system | > ? % @",
    "JSON\nEOF\n日本語 é e\u0301 🌸 👩\u200d👩\u200d👧 \ue000\U000e0041",
    " leading and trailing ",
    "",
    "~",
    "no",
    "1:30",
    "0x10",
    "1e999",
    "{}",
    "[a",
    "---",
    "...",
    "<<",
    "=",
)
TEXTS = (
    st.sampled_from(HOSTILE) | st.text(st.characters(), max_size=40) | st.lists(st.sampled_from(HOSTILE)).map("".join)
)
"""All of Unicode, lone surrogates included: JSON and file names can hold them."""
