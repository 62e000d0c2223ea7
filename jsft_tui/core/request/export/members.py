"""The members of CreateTrainingJob, and the structures in them.

Source: botocore 1.44.8, sagemaker/2017-07-24/service-2.json, CreateTrainingJobRequest.
"""

from __future__ import annotations

from collections.abc import Mapping

REQUEST_MEMBERS = (
    "TrainingJobName",
    "HyperParameters",
    "AlgorithmSpecification",
    "RoleArn",
    "InputDataConfig",
    "OutputDataConfig",
    "ResourceConfig",
    "VpcConfig",
    "StoppingCondition",
    "Tags",
    "EnableNetworkIsolation",
    "EnableInterContainerTrafficEncryption",
    "EnableManagedSpotTraining",
    "CheckpointConfig",
    "DebugHookConfig",
    "DebugRuleConfigurations",
    "TensorBoardOutputConfig",
    "ExperimentConfig",
    "ProfilerConfig",
    "ProfilerRuleConfigurations",
    "Environment",
    "RetryStrategy",
    "RemoteDebugConfig",
    "InfraCheckConfig",
    "SessionChainingConfig",
    "ServerlessJobConfig",
    "MlflowConfig",
    "ModelPackageConfig",
)
"""Members of the request, in the API's order."""

STRUCTURES: Mapping[str, str] = {
    "AlgorithmSpecification": "AlgorithmSpecification",
    "MetricDefinitions": "MetricDefinition",
    "TrainingImageConfig": "TrainingImageConfig",
    "TrainingRepositoryAuthConfig": "TrainingRepositoryAuthConfig",
    "InputDataConfig": "Channel",
    "DataSource": "DataSource",
    "S3DataSource": "S3DataSource",
    "ModelAccessConfig": "ModelAccessConfig",
    "HubAccessConfig": "HubAccessConfig",
    "FileSystemDataSource": "FileSystemDataSource",
    "DatasetSource": "DatasetSource",
    "ShuffleConfig": "ShuffleConfig",
    "OutputDataConfig": "OutputDataConfig",
    "ResourceConfig": "ResourceConfig",
    "InstanceGroups": "InstanceGroup",
    "InstancePlacementConfig": "InstancePlacementConfig",
    "PlacementSpecifications": "PlacementSpecification",
    "InstancePreferences": "InstancePreference",
    "VpcConfig": "VpcConfig",
    "StoppingCondition": "StoppingCondition",
    "Tags": "Tag",
    "CheckpointConfig": "CheckpointConfig",
    "DebugHookConfig": "DebugHookConfig",
    "CollectionConfigurations": "CollectionConfiguration",
    "DebugRuleConfigurations": "DebugRuleConfiguration",
    "TensorBoardOutputConfig": "TensorBoardOutputConfig",
    "ExperimentConfig": "ExperimentConfig",
    "ProfilerConfig": "ProfilerConfig",
    "ProfilerRuleConfigurations": "ProfilerRuleConfiguration",
    "RetryStrategy": "RetryStrategy",
    "RemoteDebugConfig": "RemoteDebugConfig",
    "InfraCheckConfig": "InfraCheckConfig",
    "SessionChainingConfig": "SessionChainingConfig",
    "ServerlessJobConfig": "ServerlessJobConfig",
    "MlflowConfig": "MlflowConfig",
    "ModelPackageConfig": "ModelPackageConfig",
}
"""Members with a structure or a list of structures -> the structure's name. Others have plain values or maps."""
