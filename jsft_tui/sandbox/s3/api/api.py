"""The S3 API over the object store: finds the handler of a request and words its errors."""

from __future__ import annotations

from jsft_tui.sandbox.http.listener import Request
from jsft_tui.sandbox.http.protocol import ApiError
from jsft_tui.sandbox.http.replies import Reply, new_request_id, s3_error
from jsft_tui.sandbox.http.s3_operations import Target
from jsft_tui.sandbox.http.signature import Signed
from jsft_tui.sandbox.s3.api.buckets import BucketOperations
from jsft_tui.sandbox.s3.api.call import Handler, S3Call
from jsft_tui.sandbox.s3.api.errors import NotImplementedInSandbox
from jsft_tui.sandbox.s3.api.listings import ListOperations
from jsft_tui.sandbox.s3.api.multipart import MultipartOperations
from jsft_tui.sandbox.s3.api.objects import ObjectOperations
from jsft_tui.sandbox.s3.api.payload import Payload
from jsft_tui.sandbox.s3.storage.store import ObjectStore


class S3Api:
    """Answers S3 requests whose signature has been verified."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        objects = ObjectOperations(store)
        self._handlers: dict[str, Handler] = {
            **BucketOperations(store).handlers,
            **ListOperations(store).handlers,
            **objects.handlers,
            **MultipartOperations(store, objects).handlers,
        }

    def answer(self, target: Target, request: Request, signed: Signed, secret: str) -> Reply:
        """The answer to a request; `secret` is the key that signed it.

        Raises:
            NotImplementedInSandbox: the sandbox cannot do what the request asks for.
        """
        handler = self._handlers.get(target.operation)
        if handler is None:
            message = f"The sandbox does not implement the S3 operation {target.operation}."
            raise NotImplementedInSandbox("NotImplemented", message, 501)
        # A URL that was presigned with version 2 says no region: it works in all of them.
        region = signed.scope.region or self._store.bucket_region(target.bucket) or ""
        redirect = self._redirect(target, region)
        if redirect:
            return redirect
        payload = Payload(request, signed, secret)
        call = S3Call(target.operation, target.bucket, target.key, region, request, payload)
        try:
            reply = handler(call)
        except NotImplementedInSandbox:
            raise
        except ApiError as error:
            return _refusal(error)
        return reply.with_headers(("x-amz-request-id", new_request_id()), ("x-amz-id-2", "sandbox"))

    def _redirect(self, target: Target, region: str) -> Reply | None:
        """The answer to a request for a bucket that is missing or in another region."""
        if target.operation in ("ListBuckets", "CreateBucket"):
            return None
        home = self._store.bucket_region(target.bucket)
        if home is None:
            missing = ApiError("NoSuchBucket", "The specified bucket does not exist", 404)
            return s3_error(missing, elements=f"<BucketName>{_safe(target.bucket)}</BucketName>")
        if home == region or target.operation == "GetBucketLocation":
            return None
        # Not checked against AWS: S3 answers some of these requests with 400 AuthorizationHeaderMalformed instead.
        message = (
            "The bucket you are attempting to access must be addressed using the specified endpoint. "
            "Please send all future requests to this endpoint."
        )
        elements = f"<Endpoint>s3.{home}.amazonaws.com</Endpoint><Bucket>{_safe(target.bucket)}</Bucket>"
        error = ApiError("PermanentRedirect", message, 301)
        return s3_error(error, (("x-amz-bucket-region", home),), elements)


def _safe(bucket: str) -> str:
    return "".join(c for c in bucket if c.isalnum() or c in ".-_")


def _refusal(error: ApiError) -> Reply:
    if error.status == 304:
        return Reply(304, headers=(("x-amz-request-id", new_request_id()),))
    return s3_error(error)
