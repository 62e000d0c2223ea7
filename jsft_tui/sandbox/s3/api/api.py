"""Answer S3 requests from the object store: choose the handler of an operation and render its errors."""

from __future__ import annotations

from jsft_tui.sandbox.http.listener import Request
from jsft_tui.sandbox.http.replies import Reply, new_request_id, s3_error
from jsft_tui.sandbox.http.s3_operations import Target
from jsft_tui.sandbox.http.service import ApiError
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
        """Return the reply to a request; `secret` is the key that signed it.

        Raises:
            NotImplementedInSandbox: the sandbox does not implement what the request asks for.
        """
        handler = self._handlers.get(target.operation)
        if handler is None:
            message = f"The sandbox does not implement the S3 operation {target.operation}."
            raise NotImplementedInSandbox("NotImplemented", message, 501)
        region = signed.scope.region
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
            return _error_reply(error)
        return reply.with_headers(("x-amz-request-id", new_request_id()), ("x-amz-id-2", "sandbox"))

    def _redirect(self, target: Target, region: str) -> Reply | None:
        """Return the reply to a request for a bucket that does not exist or is in another region; else None."""
        if target.operation in ("ListBuckets", "CreateBucket"):
            return None
        home = self._store.bucket_region(target.bucket)
        if home is None:
            missing = ApiError("NoSuchBucket", "The specified bucket does not exist", 404)
            return s3_error(missing, elements=f"<BucketName>{_safe_name(target.bucket)}</BucketName>")
        if home == region or target.operation == "GetBucketLocation":
            return None
        # Not checked against AWS: S3 answers some of these requests with 400 AuthorizationHeaderMalformed instead.
        message = (
            "The bucket you are attempting to access must be addressed using the specified endpoint. "
            "Please send all future requests to this endpoint."
        )
        elements = f"<Endpoint>s3.{home}.amazonaws.com</Endpoint><Bucket>{_safe_name(target.bucket)}</Bucket>"
        error = ApiError("PermanentRedirect", message, 301)
        return s3_error(error, (("x-amz-bucket-region", home),), elements)


def _safe_name(bucket: str) -> str:
    return "".join(c for c in bucket if c.isalnum() or c in ".-_")


def _error_reply(error: ApiError) -> Reply:
    if error.status == 304:
        return Reply(304, headers=(("x-amz-request-id", new_request_id()),))
    return s3_error(error)
