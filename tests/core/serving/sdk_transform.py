"""Print what the SageMaker SDK v2 would send for batch transforms: run by a Python that has it, offline.

Reads a list of `{model, version, type, artifact, transformer, transform}` on stdin and writes a list of
`{CreateModel, CreateTransformJob, estimator_image}`.
"""

from __future__ import annotations

from typing import Any
from unittest import mock

from tests.common.sdk_v2.offline import session, write_answers

ROLE = "arn:aws:iam::123456789012:role/Train"


def transform(case: dict[str, Any]) -> dict[str, Any]:
    from sagemaker.jumpstart.estimator import JumpStartEstimator
    from sagemaker.jumpstart.model import JumpStartModel

    client = mock.MagicMock()
    about = {
        "model_id": case["model"],
        "model_version": case["version"],
        "role": ROLE,
        "sagemaker_session": session(client),
    }
    model = JumpStartModel(**about, instance_type=case["type"], model_data=case["artifact"], name="mine")
    transformer = model.transformer(1, case["type"], **case["transformer"])
    transformer.transform(**case["transform"], job_name="mine", wait=False)
    return {
        "CreateModel": client.create_model.call_args.kwargs,
        "CreateTransformJob": client.create_transform_job.call_args.kwargs,
        "estimator_image": JumpStartEstimator(**about).training_image_uri(),
    }


if __name__ == "__main__":
    write_answers(transform)
