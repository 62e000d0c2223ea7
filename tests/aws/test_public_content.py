"""JumpStart's content is public: it is read anonymously where the caller's credentials are denied."""

from __future__ import annotations

import pytest
from botocore import UNSIGNED

from jsft_tui.aws.client.session import AwsSession
from jsft_tui.aws.jumpstart import ContentStore
from jsft_tui.aws.s3 import S3
from jsft_tui.core.account.target import StaticCredentials, Target
from jsft_tui.core.catalog.content import ContentBuckets
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.storage.uri import S3Uri

KEYS = StaticCredentials("AKIAIOSFODNN7EXAMPLE", "not-a-secret")
SESSION = AwsSession(Target("us-west-2", endpoint="http://127.0.0.1:1", credentials=KEYS))


class Guarded(S3):
    """A bucket that fails with a code when read with credentials, and anonymously returns text or denies."""

    def __init__(self, code: str, text: bytes | None) -> None:
        super().__init__(SESSION)
        self.code = code
        self.text = text

    def read(self, uri: S3Uri, start: int = 0, length: int | None = None) -> bytes:
        raise Problem(self.code, f"could not read {uri}")

    def public(self) -> S3:
        other = Guarded("AccessDenied", None)
        if self.text is not None:
            other.read = lambda *_, **__: self.text  # type: ignore[method-assign,assignment]
        return other


def eula(code: str, text: bytes | None) -> str:
    return ContentStore(Guarded(code, text), ContentBuckets("content", "gated")).text("eula.txt")


def test_what_is_denied_is_read_in_public() -> None:
    assert eula("AccessDenied", b"the terms") == "the terms"


@pytest.mark.parametrize(("code", "text"), [("AccessDenied", None), ("Timeout", b"the terms"), ("NotFound", b"x")])
def test_a_denial_to_all_and_other_errors_are_reported(code: str, text: bytes | None) -> None:
    with pytest.raises(Problem) as raised:
        eula(code, text)
    assert raised.value.code == code


def test_a_public_client_signs_nothing_and_is_guarded_like_any_other() -> None:
    client = SESSION.public_client("s3")
    assert client.meta.config.signature_version is UNSIGNED
    reader = AwsSession(Target("us-west-2", endpoint="http://127.0.0.1:1", credentials=KEYS, read_only=True))
    with pytest.raises(Problem, match="PutObject") as raised:
        reader.public_client("s3").put_object(Bucket="b", Key="k", Body=b"")
    assert raised.value.code == "ReadOnly"
