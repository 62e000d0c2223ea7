"""Find the S3 operation of a request from its method, path, and query, as in the Amazon S3 API reference."""

from __future__ import annotations

from dataclasses import dataclass

from jsft_tui.sandbox.http.listener import Request

_BUCKET_SUBRESOURCES = {
    "accelerate": "BucketAccelerateConfiguration",
    "acl": "BucketAcl",
    "cors": "BucketCors",
    "encryption": "BucketEncryption",
    "lifecycle": "BucketLifecycleConfiguration",
    "logging": "BucketLogging",
    "notification": "BucketNotificationConfiguration",
    "object-lock": "ObjectLockConfiguration",
    "ownershipControls": "BucketOwnershipControls",
    "policy": "BucketPolicy",
    "policyStatus": "BucketPolicyStatus",
    "publicAccessBlock": "PublicAccessBlock",
    "replication": "BucketReplication",
    "requestPayment": "BucketRequestPayment",
    "tagging": "BucketTagging",
    "versioning": "BucketVersioning",
    "website": "BucketWebsite",
}
_OBJECT_SUBRESOURCES = {
    "acl": "ObjectAcl",
    "attributes": "ObjectAttributes",
    "legal-hold": "ObjectLegalHold",
    "retention": "ObjectRetention",
    "tagging": "ObjectTagging",
    "torrent": "ObjectTorrent",
}
_VERBS = {"GET": "Get", "PUT": "Put", "DELETE": "Delete"}


@dataclass(frozen=True)
class Target:
    """An operation by its API name, the bucket, and the key (empty: none)."""

    operation: str
    bucket: str
    key: str


def target_of(request: Request) -> Target:
    """Return the operation, bucket, and key of a path-style request.

    Raises:
        UnicodeDecodeError: the path is not UTF-8.
    """
    bucket, _, key = request.path.removeprefix("/").partition("/")
    if not bucket:
        operation = "ListBuckets" if request.method == "GET" else f"{request.method}Service"
    elif not key:
        operation = _bucket_operation(request.method, request)
    else:
        operation = _object_operation(request.method, request)
    return Target(operation, bucket, key)


def _bucket_operation(method: str, request: Request) -> str:
    query = request.query
    for name, resource in _BUCKET_SUBRESOURCES.items():
        if name in query:
            return _VERBS.get(method, method) + resource
    if method == "GET":
        return _bucket_read(request)
    if method == "POST" and "delete" in query:
        return "DeleteObjects"
    plain = {"PUT": "CreateBucket", "HEAD": "HeadBucket", "DELETE": "DeleteBucket"}
    return plain.get(method, f"{method}Bucket")


def _bucket_read(request: Request) -> str:
    query = request.query
    if "location" in query:
        return "GetBucketLocation"
    if "uploads" in query:
        return "ListMultipartUploads"
    if "versions" in query:
        return "ListObjectVersions"
    return "ListObjectsV2" if query.get("list-type") == "2" else "ListObjects"


def _object_operation(method: str, request: Request) -> str:
    query = request.query
    for name, resource in _OBJECT_SUBRESOURCES.items():
        if name in query:
            return _VERBS.get(method, method) + resource
    copying = "x-amz-copy-source" in request.headers
    if "uploadId" in query:
        parts = {"GET": "ListParts", "POST": "CompleteMultipartUpload", "DELETE": "AbortMultipartUpload"}
        return parts.get(method, "UploadPartCopy" if copying else "UploadPart")
    if method == "POST" and "uploads" in query:
        return "CreateMultipartUpload"
    if method == "PUT":
        return "CopyObject" if copying else "PutObject"
    plain = {"GET": "GetObject", "HEAD": "HeadObject", "DELETE": "DeleteObject"}
    return plain.get(method, f"{method}Object")
