"""Cleaning text from outside."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsft_tui.core.common.text import (
    cells,
    clean,
    clean_block,
    clean_log,
    did_you_mean,
    fit,
    nearest,
    plural,
    redact,
    short_size,
    unwrapped,
)
from tests.common.effort import at_most

ANY_TEXT = st.text(st.characters(), max_size=60)
"""All of Unicode, lone surrogates included: JSON can hold them."""

OBEYED = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\u061c\ufeff\ud800-\udfff]")
"""Characters that a terminal interprets, that end lines or change the direction, or that no stream can encode."""


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("plain", "plain"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b[2J\x1b[Hgone", "gone"),
        ("\x1b[38;2;1;2;3mcolor", "color"),
        ("\x1b[?1049hscreen", "screen"),
        ("\x9b31mred by C1", "red by C1"),
        ("a\x1b]0;evil title\x07b", "ab"),
        ("a\x1b]0;evil title\x1b\\b", "ab"),
        ("a\x1b]52;c;ZXZpbA==\x07b", "ab"),
        ("a\x9d52;c;ZXZpbA==\x9cb", "ab"),
        ("a\x1b]8;;https://evil\x1b\\link\x1b]8;;\x1b\\b", "alinkb"),
        ("a\x1bPq#0;2;0;0;0\x1b\\b", "ab"),
        ("a\x1b_apc\x1b\\b", "ab"),
        ("a\x1bcb", "ab"),
        ("a\x1b(0b", "ab"),
        ("bell\x07 null\x00 back\x08 delete\x7f", "bell null back delete"),
        ("next\x85line", "nextline"),
        ("name\u202egnp.exe", "namegnp.exe"),
        ("\u2066isolate\u2069", "isolate"),
        ("two\nlines\tand a tab\r", "two lines and a tab "),
        ("sep\u2028ara\u2029tors", "sep ara tors"),
        ("\ufeffbyte order mark", "byte order mark"),
        ("lone \ud800 surrogate", "lone \ufffd surrogate"),
        ("naïve 日本 😀 👩\u200d👧", "naïve 日本 😀 👩\u200d👧"),
    ],
)
def test_a_line_is_cleaned_of_what_a_terminal_would_obey(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, "0 B"), (1023, "1023 B"), (3174, "3.1 KB"), (185_139, "181 KB"), (1_468_006, "1.4 MB"), (5 << 40, "5.0 TB")],
)
def test_a_size_is_short(count: int, shown: str) -> None:
    assert short_size(count) == shown


def test_a_block_keeps_its_lines_and_widens_its_tabs() -> None:
    assert clean_block("one\n\ttwo\x1b[2K\nthree\x07") == "one\n    two\nthree"


def test_a_block_reads_every_kind_of_line_end() -> None:
    assert clean_block("dos\r\nmac\rprogress 10%\rprogress 20%\n") == "dos\nmac\nprogress 10%\nprogress 20%\n"
    assert clean_block("line\u2028paragraph\u2029end") == "line\nparagraph\nend"


def test_of_a_progress_bar_the_last_state_stays() -> None:
    assert clean_log(" 5%\r 50%\r100%\nnext\r\ndone\x1b[K\r") == "100%\nnext\ndone"
    assert clean_log("99%\r      \r") == "99%"
    assert clean_log("\r") == clean_log("") == ""


@given(ANY_TEXT)
def test_no_log_holds_anything_that_a_terminal_would_obey_but_newlines(text: str) -> None:
    assert not OBEYED.search(clean_log(text).replace("\n", ""))


def test_an_unterminated_string_sequence_takes_no_more_than_its_own_line() -> None:
    assert clean_block("before\x1b]0;title\nafter") == "before\nafter"
    assert clean("a\x1b]52;c;no end \x1b[31mred") == "ared"


def test_the_end_of_a_sequence_that_is_cut_off_is_not_obeyed() -> None:
    assert "\x1b" not in clean("text\x1b[") + clean("text\x1b") + clean("\x1b[12;")


@given(ANY_TEXT)
def test_no_line_holds_anything_that_a_terminal_would_obey(text: str) -> None:
    cleaned = clean(text)
    assert not OBEYED.search(cleaned)
    assert cleaned.encode().decode() == cleaned
    assert clean(cleaned) == cleaned


@given(ANY_TEXT)
def test_no_block_holds_anything_that_a_terminal_would_obey_but_newlines(text: str) -> None:
    assert not OBEYED.search(clean_block(text).replace("\n", ""))


@pytest.mark.parametrize(
    "attack", ["\x1b]" * 100_000, "\x1b[" + "0;" * 100_000, "\x1bP" + "x" * 200_000, "\x9d" * 200_000]
)
def test_cleaning_hostile_text_is_quick(attack: str) -> None:
    with at_most(1):
        clean(attack)


SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
TOKEN = "IQoJb3JpZ2luX2VjEXAMPLETOKEN//////////wEaCXVzLWVhc3QtMSJHMEUCIQ=="


@pytest.mark.parametrize(
    "text",
    [
        f"aws_secret_access_key = {SECRET}",
        f"AWS_SECRET_ACCESS_KEY={SECRET}",
        f'{{"SecretAccessKey": "{SECRET}"}}',
        f'{{\\"SecretAccessKey\\": \\"{SECRET}\\"}}',
        f"{{'SecretAccessKey': '{SECRET}'}}",
        f"<SecretAccessKey>{SECRET}</SecretAccessKey>",
    ],
)
def test_a_secret_key_is_redacted_however_it_is_written(text: str) -> None:
    assert SECRET not in redact(text)
    assert "***" in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        f"aws_session_token = {TOKEN}",
        f'"SessionToken": "{TOKEN}"',
        f"<SessionToken>{TOKEN}</SessionToken>",
        f"https://b.s3.amazonaws.com/k?X-Amz-Security-Token={TOKEN}&X-Amz-Expires=60",
        f"X-Amz-Security-Token: {TOKEN}",
        f"'X-Amz-Security-Token': b'{TOKEN}'",
        f"AWS_CONTAINER_AUTHORIZATION_TOKEN={TOKEN}",
        f'"accessToken": "{TOKEN}", "refreshToken": "{TOKEN}", "clientSecret": "{TOKEN}"',
    ],
)
def test_a_token_is_redacted_however_it_is_written(text: str) -> None:
    assert TOKEN not in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://b.s3.amazonaws.com/k?X-Amz-Signature=" + "ab12" * 16,
        "Authorization: AWS4-HMAC-SHA256 Credential=x/y, Signature=" + "ab12" * 16,
        "'Authorization': b'AWS4-HMAC-SHA256 Credential=x/y, Signature=" + "ab12" * 16 + "'",
        "https://b.s3.amazonaws.com/k?AWSAccessKeyId=x&Signature=ab12ab12ab12ab12ab12ab12ab12ab12ab12%3D&Expires=1",
    ],
)
def test_a_signature_is_redacted(text: str) -> None:
    assert "ab12ab12" not in redact(text)


def test_the_rest_of_an_address_is_kept() -> None:
    text = f"GET https://b.s3.amazonaws.com/flowers/1.jpg?X-Amz-Security-Token={TOKEN}&X-Amz-Expires=60"
    assert redact(text) == "GET https://b.s3.amazonaws.com/flowers/1.jpg?X-Amz-Security-Token=***&X-Amz-Expires=60"


def test_an_access_key_id_keeps_its_first_eight_letters() -> None:
    assert redact("by AKIAIOSFODNN7EXAMPLE today") == "by AKIAIOSF*** today"
    assert redact("ASIAIOSFODNN7EXAMPLE") == "ASIAIOSF***"


def test_a_hugging_face_token_is_redacted() -> None:
    assert redact("HF_TOKEN=hf_AbCdEfGhIjKlMnOpQrStUvWxYz") == "HF_TOKEN=***"


@pytest.mark.parametrize(
    "text",
    [
        "val_accuracy: 0.93",
        "secret santa signature moves",
        "the role arn:aws:iam::123456789012:role/Train",
        "huggingface-textgeneration:eval-loss",
        "max_input_length=1024, signature=(inputs, labels)",
    ],
)
def test_text_without_secrets_stays_as_it_is(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(
    ("text", "width"),
    [("abc", 3), ("日本", 4), ("e\u0301", 1), ("한국", 4), ("ｆｕｌｌ", 8), ("a\u200db", 2), ("😀", 2), ("", 0)],
)
def test_the_width_of_text_is_counted_in_cells(text: str, width: int) -> None:
    assert cells(text) == width


@pytest.mark.parametrize(
    ("text", "width", "fitted"),
    [
        ("short", 5, "short"),
        ("longer", 5, "long…"),
        ("日本語", 6, "日本語"),
        ("日本語", 5, "日本…"),
        ("日本語", 4, "日…"),
        ("日本語", 1, "…"),
        ("ne\u0301e\u0301e\u0301", 3, "ne\u0301…"),
        ("anything", 0, ""),
        ("anything", -3, ""),
    ],
)
def test_text_is_cut_to_cells_with_an_ellipsis(text: str, width: int, fitted: str) -> None:
    assert fit(text, width) == fitted


@given(ANY_TEXT, st.integers(0, 20))
def test_text_that_was_fitted_fits(text: str, width: int) -> None:
    fitted = fit(text, width)
    assert cells(fitted) <= width
    assert fitted == text or fitted == "" or fitted.endswith("…")
    assert not fitted or not unicodedata.combining(fitted[0]) or unicodedata.combining(text[0])


def test_the_nearest_known_word_comes_first() -> None:
    known = ["epochs", "batch_size", "learning_rate", "optimizer"]
    assert nearest("epoch", known) == ["epochs"]
    assert nearest("lerning_rate", known)[0] == "learning_rate"
    assert nearest("zzz", known) == []


def test_the_nearest_word_is_found_whatever_its_case() -> None:
    assert did_you_mean("EPOCHS", ["epochs", "momentum"]) == "Did you mean epochs?"


def test_did_you_mean_says_nothing_when_nothing_is_near() -> None:
    assert did_you_mean("zzz", ["epochs"]) == ""
    assert did_you_mean("batchsize", ["batch_size", "batch-size"]).startswith("Did you mean batch")


def test_counts_are_written_with_their_noun() -> None:
    assert plural(1, "row") == "1 row"
    assert plural(0, "row") == "0 rows"
    assert plural(1204, "class", "classes") == "1,204 classes"


LICENSE = """LICENSE AGREEMENT
Version 1.0

By using the model you agree to all of the terms that stand below, and to the
policy that is part of them. If you do not agree, do not use
it.

a. You keep the notices, in every copy of the model and of what was made out of
   it.
b. You pay nothing.

Some Street 1
A Town"""


def test_paragraphs_that_were_broken_to_a_width_are_whole_again() -> None:
    assert unwrapped(LICENSE).split("\n") == [
        "LICENSE AGREEMENT",
        "Version 1.0",
        "",
        "By using the model you agree to all of the terms that stand below, and to the policy that is part of them. "
        "If you do not agree, do not use",
        "it.",
        "",
        "a. You keep the notices, in every copy of the model and of what was made out of it.",
        "b. You pay nothing.",
        "",
        "Some Street 1",
        "A Town",
    ]


@given(st.text(alphabet="ab .-1\n", max_size=400))
def test_unwrapping_changes_nothing_but_blanks_and_line_ends(text: str) -> None:
    assert unwrapped(text).split() == text.split()
    assert max(map(len, text.split("\n"))) >= 50 or len(unwrapped(text).split("\n")) == len(text.split("\n"))


@given(st.text())
def test_a_line_of_a_log_is_cleaned_alike_whether_all_of_it_is_printable(text: str) -> None:
    assert clean_log(text) == clean_log(f"{text}\n").removesuffix("\n")
