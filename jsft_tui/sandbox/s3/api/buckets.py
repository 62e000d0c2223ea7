"""Answer the S3 operations on buckets: list, create, find and delete.

The settings of a bucket (policy, encryption, versioning and so on) are not implemented, because no client of the
sandbox needs them. moto has them, but only for buckets of its own.
"""

from __future__ import annotations

from jsft_tui.sandbox.http.replies import Reply, escape, xml_reply
from jsft_tui.sandbox.http.service import ApiError
from jsft_tui.sandbox.s3.api.call import NAMESPACE, OWNER, Handler, S3Call, iso_time
from jsft_tui.sandbox.s3.api.errors import malformed_xml
from jsft_tui.sandbox.s3.storage.listing import decode_token, encode_token
from jsft_tui.sandbox.s3.storage.store import Bucket, BucketNotEmpty, ObjectStore, is_bucket_name

DEFAULT_REGION = "us-east-1"
"""The region that S3 does not name in location constraints."""


class BucketOperations:
    """Handlers of the operations on buckets."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self.handlers: dict[str, Handler] = {
            "ListBuckets": self.list,
            "CreateBucket": self.create,
            "HeadBucket": self.head,
            "GetBucketLocation": self.location,
            "DeleteBucket": self.delete,
        }

    def list(self, call: S3Call) -> Reply:
        """Answer ListBuckets, in pages if `max-buckets` is given."""
        query = call.request.query
        try:
            start = decode_token(query.get("continuation-token", ""))
        except ValueError as error:
            raise ApiError("InvalidArgument", "The continuation token provided is incorrect") from error
        prefix, region = query.get("prefix", ""), query.get("bucket-region")
        found = [
            bucket
            for bucket in self._store.buckets()
            if bucket.name >= start and bucket.name.startswith(prefix) and region in (None, bucket.region)
        ]
        limit = call.number("max-buckets", 10_000, 10_000) or 10_000
        rows = "".join(_bucket_xml(bucket) for bucket in found[:limit])
        token = ""
        if len(found) > limit:
            token = f"<ContinuationToken>{encode_token(found[limit].name)}</ContinuationToken>"
        echo = f"<Prefix>{escape(prefix)}</Prefix>" if prefix else ""
        return xml_reply(
            f"<ListAllMyBucketsResult {NAMESPACE}><Owner>{OWNER}</Owner><Buckets>{rows}</Buckets>"
            f"{token}{echo}</ListAllMyBucketsResult>"
        )

    def create(self, call: S3Call) -> Reply:
        """Answer CreateBucket: in the region of the request, which the location constraint must name."""
        if not is_bucket_name(call.bucket):
            raise ApiError("InvalidBucketName", "The specified bucket is not valid.")
        document = call.document()
        if document is not None and document.tag != "CreateBucketConfiguration":
            raise malformed_xml()
        region = (document.findtext("LocationConstraint") if document is not None else None) or DEFAULT_REGION
        if call.region not in (region, DEFAULT_REGION) or (document is not None and region == "EU"):
            raise ApiError(
                "IllegalLocationConstraintException",
                f"The {region} location constraint is incompatible for the region specific endpoint "
                "this request was sent to.",
            )
        existing = self._store.bucket_region(call.bucket)
        if existing and not existing == region == DEFAULT_REGION:
            message = "Your previous request to create the named bucket succeeded and you already own it."
            raise ApiError("BucketAlreadyOwnedByYou", message, 409)
        self._store.create_bucket(call.bucket, region)
        return Reply(200, headers=(("Location", f"/{call.bucket}"),))

    def head(self, call: S3Call) -> Reply:
        """Answer HeadBucket."""
        region = self._store.bucket(call.bucket).region
        return Reply(200, headers=(("x-amz-bucket-region", region), ("x-amz-access-point-alias", "false")))

    def location(self, call: S3Call) -> Reply:
        """Answer GetBucketLocation, which returns an empty string for us-east-1."""
        region = self._store.bucket(call.bucket).region
        text = "" if region == DEFAULT_REGION else region
        return xml_reply(f"<LocationConstraint {NAMESPACE}>{text}</LocationConstraint>")

    def delete(self, call: S3Call) -> Reply:
        """Answer DeleteBucket: only an empty bucket can be deleted."""
        try:
            self._store.delete_bucket(call.bucket)
        except BucketNotEmpty as error:
            raise ApiError("BucketNotEmpty", "The bucket you tried to delete is not empty", 409) from error
        return Reply(204)


def _bucket_xml(bucket: Bucket) -> str:
    return (
        f"<Bucket><Name>{bucket.name}</Name><CreationDate>{iso_time(bucket.created)}</CreationDate>"
        f"<BucketRegion>{bucket.region}</BucketRegion><BucketArn>arn:aws:s3:::{bucket.name}</BucketArn></Bucket>"
    )
