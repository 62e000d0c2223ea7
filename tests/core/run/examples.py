"""Run files and hostile values for the tests of this folder."""

from __future__ import annotations

from hypothesis import strategies as st

from jsft_tui.core.run.file.run_file import parse_run
from jsft_tui.core.run.run import Run

MINIMAL = """\
name: flowers
model: {id: tensorflow-ic-x}
output: s3://bucket
instance: {type: ml.g5.2xlarge}
"""

NASTY = (
    *("1e-4", "1E5", "1.0e-05", "0.0001", "1e400", ".5", "5.", "-0", "+5", "010", "08", "0x10", "0o7", "0b1", "1_000"),
    *("yes", "no", "on", "off", "y", "n", "Yes", "NO", "true", "True", "TRUE", "false", "False", "null", "Null", "~"),
    *("None", "nan", ".nan", "inf", ".inf", "-.inf", "auto", "scaled", "default", "", " ", " spaced", "spaced ", "\t"),
    *("2026-11-23", "2026-11-23 03:11:00", "12:30:45", "1:30", "<<", "=", "-", "- a", "? a", "a: b", "a #b", "#", "!a"),
    *("&a", "*a", "[1]", "{a: 1}", "|", ">", "%", "@", "`", "'", '"', "\\", "a\nb", "\n", "a\r\nb", "\x85", "\u2028"),
    *(
        "\ufeff",
        "\x00",
        "\x1b[31m",
        "日本",
        "😀",
        "q_proj,v_proj",
        "---",
        "...",
        "9" * 5_000,
        "x" * 2_500,
        "word " * 90,
    ),
)

WORDS = st.one_of(
    st.from_regex(r"[a-z0-9][a-z0-9:/.+=@_-]{0,40}", fullmatch=True),
    st.sampled_from([text.strip() for text in NASTY if text.strip() and len(text) < 200]),
    st.text(min_size=1, max_size=20).map(str.strip).filter(bool),
)
TEXTS = st.one_of(st.sampled_from(NASTY), st.text(max_size=30), st.integers().map(str), st.floats().map(str))
SCALARS = st.dictionaries(st.one_of(st.from_regex(r"[a-z][a-z_-]{0,20}", fullmatch=True), TEXTS), TEXTS, max_size=5)
SECONDS = st.integers(1, 28 * 86_400)


def parsed(**keys: str) -> Run:
    """Return a minimal run file with some top-level keys replaced."""
    kept = "".join(line for line in MINIMAL.splitlines(keepends=True) if line.partition(":")[0] not in keys)
    return parse_run(kept + "".join(f"{key}: {text}\n" for key, text in keys.items()))
