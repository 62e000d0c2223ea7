"""S3 URIs as people type and paste them."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsft_tui.core.common.errors import Problem, ProblemKind
from jsft_tui.core.storage.uri import Entry, S3Uri

BUCKETS = st.from_regex(r"[a-z][a-z0-9-]{1,30}[a-z0-9]", fullmatch=True)
PARTS = st.text(
    st.characters(codec="utf-8", exclude_characters="/", exclude_categories=["Cc"]), min_size=1, max_size=12
)
KEYS = st.lists(PARTS, max_size=5).map("/".join)
PREFIXES = st.lists(PARTS, max_size=4).map(lambda parts: "".join(f"{part}/" for part in parts))


def refusal(text: str) -> Problem:
    with pytest.raises(Problem) as caught:
        S3Uri.parse(text)
    assert caught.value.code == "MalformedS3Uri"
    assert caught.value.kind is ProblemKind.USAGE
    return caught.value


@pytest.mark.parametrize(
    ("text", "bucket", "key"),
    [
        ("s3://bucket", "bucket", ""),
        ("s3://bucket/", "bucket", ""),
        ("s3://bucket/flowers/", "bucket", "flowers/"),
        ("s3://bucket/a/data.csv", "bucket", "a/data.csv"),
        ("  s3://bucket/a \n", "bucket", "a"),
        ("s3://my.bucket.name/ü/日本/emoji-😀", "my.bucket.name", "ü/日本/emoji-😀"),
        ("s3://bucket//double//slashes", "bucket", "/double//slashes"),
        ("s3://bucket/with space and ?query#hash", "bucket", "with space and ?query#hash"),
    ],
)
def test_an_s3_uri_is_a_bucket_and_a_key(text: str, bucket: str, key: str) -> None:
    assert S3Uri.parse(text) == S3Uri(bucket, key)


@pytest.mark.parametrize(
    ("address", "uri"),
    [
        ("https://my-bucket.s3.us-west-2.amazonaws.com/flowers/1.jpg", "s3://my-bucket/flowers/1.jpg"),
        ("https://my-bucket.s3.amazonaws.com/flowers/", "s3://my-bucket/flowers/"),
        ("https://my-bucket.s3-eu-west-1.amazonaws.com/a", "s3://my-bucket/a"),
        ("https://my.dotted.bucket.s3.us-west-2.amazonaws.com/a", "s3://my.dotted.bucket/a"),
        ("https://s3-data.s3.us-west-2.amazonaws.com/a", "s3://s3-data/a"),
        ("https://s3.us-west-2.amazonaws.com/my-bucket/flowers/1.jpg", "s3://my-bucket/flowers/1.jpg"),
        ("https://s3-us-west-2.amazonaws.com/my-bucket/a", "s3://my-bucket/a"),
        ("https://s3.amazonaws.com/my-bucket", "s3://my-bucket/"),
        ("https://my-bucket.s3.dualstack.us-west-2.amazonaws.com/a", "s3://my-bucket/a"),
        ("https://my-bucket.s3.cn-north-1.amazonaws.com.cn/a", "s3://my-bucket/a"),
        ("https://my-bucket.s3.us-west-2.amazonaws.com/a%20b.csv?X-Amz-Signature=abc", "s3://my-bucket/a b.csv"),
    ],
)
def test_a_web_address_of_s3_is_refused_with_the_uri_to_write_instead(address: str, uri: str) -> None:
    problem = refusal(address)
    assert "web address" in problem.message
    assert problem.remedy == f"Write {uri}"


CONSOLE = "https://us-west-2.console.aws.amazon.com/s3"


@pytest.mark.parametrize(
    ("text", "uri"),
    [
        ("s3a://my-bucket/flowers/", "s3://my-bucket/flowers/"),
        ("s3n://my-bucket/flowers/", "s3://my-bucket/flowers/"),
        ("S3A://my-bucket/Flowers/", "s3://my-bucket/Flowers/"),
        ("s3:/my-bucket/flowers/", "s3://my-bucket/flowers/"),
        ("s3:my-bucket/flowers/", "s3://my-bucket/flowers/"),
        ("s3//my-bucket/flowers/", "s3://my-bucket/flowers/"),
        ("s3://s3://my-bucket/flowers/", "s3://my-bucket/flowers/"),
        ("s3://my-bucket\\flowers/", "s3://my-bucket/flowers/"),
        ("s3://my-bucket.s3.us-west-2.amazonaws.com/flowers/", "s3://my-bucket/flowers/"),
        ("s3a://my-bucket", "s3://my-bucket/"),
        ('"s3://my-bucket/flowers/"', "s3://my-bucket/flowers/"),
        (f"{CONSOLE}/buckets/my-bucket?prefix=flowers/", "s3://my-bucket/flowers/"),
        (f"{CONSOLE}/buckets/my-bucket?region=us-west-2&prefix=a/b/&showversions=false", "s3://my-bucket/a/b/"),
        (f"{CONSOLE}/buckets/my-bucket?region=us-west-2&tab=objects", "s3://my-bucket/"),
        (f"{CONSOLE}/buckets/my-bucket/flowers/?region=us-west-2", "s3://my-bucket/flowers/"),
        (f"{CONSOLE}/object/my-bucket?region=us-west-2&prefix=a/b.csv", "s3://my-bucket/a/b.csv"),
        (f"{CONSOLE}/buckets/my-bucket?prefix=my+data%2Ft%C3%A4xt%2B/", "s3://my-bucket/my data/täxt+/"),
        ("https://s3.console.aws.amazon.com/s3/buckets/my-bucket?prefix=a/", "s3://my-bucket/a/"),
        ("https://console.aws.amazon.com/s3/home?bucket=my-bucket&prefix=a/", "s3://my-bucket/a/"),
        ("https://cn-north-1.console.amazonaws.cn/s3/buckets/my-bucket?prefix=a/", "s3://my-bucket/a/"),
        ("HTTPS://my-bucket.s3.us-west-2.amazonaws.com/a", "s3://my-bucket/a"),
        ("https://my-bucket.s3-website-us-west-2.amazonaws.com/a", "s3://my-bucket/a"),
        ("https://s3.us-west-2.amazonaws.com/my-bucket/a%2Bb?X-Amz-Signature=abc", "s3://my-bucket/a+b"),
        ("s3://arn:aws:s3:::my-bucket/a/", "s3://my-bucket/a/"),
        ("arn:aws-cn:s3:::my-bucket/a/*", "s3://my-bucket/a/"),
        ("arn:aws:s3:::my-bucket", "s3://my-bucket/"),
    ],
)
def test_another_spelling_is_refused_with_the_uri_to_write_instead(text: str, uri: str) -> None:
    assert refusal(text).remedy == f"Write {uri}"
    assert str(S3Uri.parse(uri)) == uri


@pytest.mark.parametrize("text", ["./data", "../data", "/home/ana/data", "~/data", "C:\\data", "file:///data"])
def test_a_path_of_this_computer_is_to_be_uploaded(text: str) -> None:
    assert "jsft s3 upload" in refusal(text).remedy


@pytest.mark.parametrize("scheme", ["", "s3://"])
@pytest.mark.parametrize(
    ("arn", "says"),
    [
        ("arn:aws:s3:us-west-2:123456789012:accesspoint/my-ap/data/", ("my-ap-…-s3alias/data/", "123456789012")),
        ("arn:aws:s3:us-west-2:123456789012:accesspoint/my-ap", ("my-ap-…-s3alias/", "get-access-point")),
        ("arn:aws:s3:us-west-2:123456789012:accesspoint/my-ap/object/a/b", ("my-ap-…-s3alias/a/b",)),
        ("arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap/", ("Multi-region",)),
        ("arn:aws:s3-object-lambda:us-west-2:123456789012:accesspoint/my-olap", ("object lambda",)),
        ("arn:aws:s3-outposts:us-west-2:123456789012:outpost/op-1/accesspoint/x", ("s3://bucket/prefix/",)),
    ],
)
def test_an_access_point_is_refused_with_what_can_be_written(scheme: str, arn: str, says: tuple[str, ...]) -> None:
    problem = refusal(scheme + arn)

    assert "is an ARN" in problem.message
    assert all(part in problem.remedy for part in says), problem.remedy


def test_the_alias_of_an_access_point_is_a_bucket() -> None:
    alias = "my-ap-hrzrlukc5m36ft7okagglf3gmwluquse1b-s3alias"
    assert S3Uri.parse(f"s3://{alias}/data/") == S3Uri(alias, "data/")


@pytest.mark.parametrize(
    "address",
    [
        "https://my-ap-123456789012.s3-accesspoint.us-west-2.amazonaws.com/a",
        "https://us-west-2.console.aws.amazon.com/sagemaker/home",
        "https://[::1",
        "http://",
    ],
)
def test_an_address_that_names_no_bucket_gets_an_example(address: str) -> None:
    assert refusal(address).remedy == "Write s3://bucket/prefix/."


@pytest.mark.parametrize("text", ["s3://bucket/caf\udce9.csv", "s3://bucket/a\0b"])
def test_what_no_key_can_hold_is_refused(text: str) -> None:
    assert "no key can have" in refusal(text).message


@given(st.text(max_size=80) | st.from_regex(r"(s3a?:/{0,3}|https?://|arn:aws:s3:)[ -~]{0,60}", fullmatch=True))
def test_any_text_is_a_uri_or_a_problem_with_a_remedy(text: str) -> None:
    try:
        uri = S3Uri.parse(text)
    except Problem as problem:
        assert problem.code == "MalformedS3Uri"
        assert problem.remedy
    else:
        assert str(uri).rstrip("/") == text.strip().rstrip("/")


@given(BUCKETS, KEYS.filter(lambda key: key == key.strip() and not set("\"'`<>*") & set(key[-1:])))
def test_the_remedy_holds_the_place(bucket: str, key: str) -> None:
    wanted = f"Write s3://{bucket}/{key}"
    assert refusal(f"s3a://{bucket}/{key}").remedy == wanted
    assert refusal(f"{CONSOLE}/buckets/{bucket}?prefix={quote(key, safe='/')}").remedy == wanted
    assert refusal(f"https://{bucket}.s3.us-west-2.amazonaws.com/{quote(key, safe='/')}").remedy == wanted
    assert refusal(f"arn:aws:s3:::{bucket}/{key}").remedy == wanted


def test_a_web_address_of_something_else_is_refused_with_an_example() -> None:
    assert refusal("https://example.com/data.csv").remedy == "Write s3://bucket/prefix/."


def test_a_bare_bucket_and_key_is_refused_with_the_uri_to_write_instead() -> None:
    assert refusal("my-bucket/flowers/").remedy == "Write s3://my-bucket/flowers/"


def test_an_arn_of_s3_is_refused_with_the_uri_to_write_instead() -> None:
    assert refusal("arn:aws:s3:::my-bucket/flowers/").remedy == "Write s3://my-bucket/flowers/"


def test_an_upper_case_scheme_is_refused_with_the_uri_to_write_instead() -> None:
    assert refusal("S3://my-bucket/Flowers/").remedy == "Write s3://my-bucket/Flowers/"


@pytest.mark.parametrize("text", ["", " ", "flowers", "/home/me/data", "s3:/bucket/x", "s3a://bucket/x", "./x.csv"])
def test_what_is_no_s3_uri_is_refused_with_a_remedy(text: str) -> None:
    problem = refusal(text)
    assert "does not start with s3://" in problem.message
    assert problem.remedy


@pytest.mark.parametrize(
    "bucket",
    ["ab", "a" * 64, "Upper", "under_score", "-start", "end-", ".start", "end.", "two..dots", "sp ace", "192.168.5.4"],
)
def test_a_bucket_name_that_s3_does_not_allow_is_refused(bucket: str) -> None:
    assert repr(bucket) in refusal(f"s3://{bucket}/x").message


@pytest.mark.parametrize("bucket", ["abc", "a" * 63, "1-2", "a.b.c", "192.168.5.4a"])
def test_a_bucket_name_at_the_edge_of_the_rules_is_taken(bucket: str) -> None:
    assert S3Uri.parse(f"s3://{bucket}/x").bucket == bucket


def test_a_uri_without_a_bucket_is_refused() -> None:
    assert "names no bucket" in refusal("s3://").message
    assert "names no bucket" in refusal("s3:///key").message


def test_a_uri_of_1024_characters_is_taken_and_a_longer_one_is_not() -> None:
    longest = "s3://bucket/" + "k" * (1024 - len("s3://bucket/"))
    assert str(S3Uri.parse(longest)) == longest
    assert "1,024" in refusal(longest + "k").message


@given(BUCKETS, KEYS.filter(lambda key: key == key.strip()))
def test_a_uri_written_and_read_is_the_same(bucket: str, key: str) -> None:
    uri = S3Uri(bucket, key)
    assert S3Uri.parse(str(uri)) == uri


@given(BUCKETS, PREFIXES, PARTS, st.sampled_from(["", "/"]))
def test_a_child_has_its_name_and_its_parent(bucket: str, prefix: str, name: str, slash: str) -> None:
    here = S3Uri(bucket, prefix)
    child = here.child(name + slash)
    assert child.name == name + slash
    assert child.parent == here


@given(BUCKETS, PREFIXES)
def test_an_empty_folder_name_between_two_slashes_is_a_level_of_its_own(bucket: str, prefix: str) -> None:
    here = S3Uri(bucket, prefix)
    assert S3Uri(bucket, prefix + "/").name == "/"
    assert S3Uri(bucket, prefix + "/").parent == here


@given(BUCKETS, KEYS)
def test_a_prefix_ends_in_a_slash_and_stays_as_it_is(bucket: str, key: str) -> None:
    prefix = S3Uri(bucket, key).as_prefix()
    assert prefix.key == "" or prefix.key.endswith("/")
    assert prefix.as_prefix() == prefix


def test_a_bucket_is_named_by_itself_and_is_its_own_parent() -> None:
    bucket = S3Uri("flowers")
    assert bucket.name == "flowers"
    assert bucket.parent == bucket
    assert str(bucket) == "s3://flowers/"


def test_a_child_of_a_key_without_a_slash_gets_one() -> None:
    assert S3Uri("b", "a").child("c") == S3Uri("b", "a/c")
    assert S3Uri("b").child("c") == S3Uri("b", "c")


def test_an_entry_without_a_size_is_a_prefix_and_one_of_no_bytes_is_not() -> None:
    assert Entry(S3Uri("b", "a/")).is_prefix
    assert not Entry(S3Uri("b", "a"), size=0).is_prefix
