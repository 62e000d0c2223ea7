"""The members that each operation's answer always has: an answer without them is none of AWS's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jsft_tui.aws.client.http.foreign import NotFromAws

ALWAYS: Mapping[tuple[str, str], tuple[str, ...]] = {
    # S3 API reference: elements and headers that are in every successful response.
    ("s3", "ListBuckets"): ("Buckets",),
    ("s3", "ListObjectsV2"): ("Name", "KeyCount"),
    ("s3", "HeadObject"): ("ContentLength", "ETag"),
    ("s3", "GetObject"): ("ContentLength", "ETag"),
    ("s3", "PutObject"): ("ETag",),
    ("s3", "CreateMultipartUpload"): ("UploadId",),
    ("s3", "UploadPart"): ("ETag",),
    ("s3", "CompleteMultipartUpload"): ("ETag",),
    ("s3", "ListMultipartUploads"): ("Bucket",),
    ("s3", "ListParts"): ("UploadId",),
    ("sts", "GetCallerIdentity"): ("Account", "Arn"),
    ("sts", "AssumeRole"): ("Credentials",),
    ("iam", "GetRole"): ("Role",),
    ("iam", "ListRoles"): ("Roles",),
    ("iam", "SimulatePrincipalPolicy"): ("EvaluationResults",),
    ("sagemaker", "CreateTrainingJob"): ("TrainingJobArn",),
    ("sagemaker", "DescribeTrainingJob"): (
        "TrainingJobName",
        "TrainingJobArn",
        "TrainingJobStatus",
        "SecondaryStatus",
        "CreationTime",
    ),
    ("sagemaker", "ListTrainingJobs"): ("TrainingJobSummaries",),
    ("sagemaker", "CreateModel"): ("ModelArn",),
    ("sagemaker", "CreateEndpointConfig"): ("EndpointConfigArn",),
    ("sagemaker", "CreateEndpoint"): ("EndpointArn",),
    ("sagemaker", "DescribeModel"): ("ModelName", "ModelArn"),
    ("sagemaker", "DescribeEndpointConfig"): ("EndpointConfigName", "ProductionVariants"),
    ("sagemaker", "DescribeEndpoint"): ("EndpointName", "EndpointArn", "EndpointConfigName", "EndpointStatus"),
    ("sagemaker", "ListModels"): ("Models",),
    ("sagemaker", "ListEndpointConfigs"): ("EndpointConfigs",),
    ("sagemaker", "ListEndpoints"): ("Endpoints",),
    ("sagemaker", "ListTags"): ("Tags",),
    ("logs", "DescribeLogStreams"): ("logStreams",),
    ("logs", "GetLogEvents"): ("events",),
    ("cloudwatch", "GetMetricData"): ("MetricDataResults",),
    ("service-quotas", "ListServiceQuotas"): ("Quotas",),
    ("pricing", "GetProducts"): ("PriceList",),
    ("ec2", "DescribeVpcs"): ("Vpcs",),
    ("ec2", "DescribeSubnets"): ("Subnets",),
    ("ec2", "DescribeSecurityGroups"): ("SecurityGroups",),
    ("ec2", "DescribeRouteTables"): ("RouteTables",),
    ("ec2", "DescribeVpcEndpoints"): ("VpcEndpoints",),
    ("ec2", "DescribeInstanceTypeOfferings"): ("InstanceTypeOfferings",),
    ("kms", "DescribeKey"): ("KeyMetadata",),
    ("kms", "ListKeys"): ("Keys",),
    ("kms", "ListAliases"): ("Aliases",),
}
"""(service, operation) -> members. Not verified with AWS: that EC2 sends its lists also when they are empty."""


def required(answer: Mapping[str, Any], *members: str) -> None:
    """Refuse an answer that lacks members.

    The clients of a session check every answer for the members in `ALWAYS` themselves, those of uploads in parts
    included (`refuse_incomplete`). A caller needs this only for other members, inside of `translate_errors`.

    Raises:
        NotFromAws: it does.
    """
    missing = [name for name in members if answer.get(name) is None]
    if missing:
        raise NotFromAws(f"the answer is not one of AWS's (it lacks {', '.join(missing)})")


def refuse_incomplete(http_response: Any, parsed: Mapping[str, Any], model: Any, **_: Any) -> None:
    """Refuse a successful answer without the members that AWS always sends: botocore takes it for an empty one.

    A handler of botocore's event `after-call`.

    Raises:
        NotFromAws: it lacks some.
    """
    if http_response.status_code >= 300:
        return
    wanted = ALWAYS.get((model.service_model.service_name, model.name))
    if wanted is None:  # its answer may be without any members: what shows AWS then is the ID of the request
        metadata = parsed.get("ResponseMetadata", {})
        required({"the request's ID": metadata.get("RequestId") or metadata.get("HostId")}, "the request's ID")
    else:
        required(parsed, *wanted)
